/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package dev.realtime.test.cluster;

import java.time.Duration;
import java.util.List;

/**
 * What joins the nodes of a {@link RealtimeTestCluster}: one stream and one list of
 * members for each room, in memory. The way from it to each node can be cut, delayed and
 * healed. Messages of a room keep their order whatever is done. Thread-safe.
 *
 * @since 0.1.0
 */
public final class RealtimeTestRelay {

	private final List<RealtimeTestNode> nodes;

	RealtimeTestRelay(List<RealtimeTestNode> nodes) {
		this.nodes = nodes;
	}

	/**
	 * Cut a node off. From now on, and without any waiting:
	 * <ul>
	 * <li>what the node publishes fails with
	 * {@link dev.realtime.RelayUnavailableException}, which a client sees as error
	 * 100;</li>
	 * <li>history and presence fail in the same way;</li>
	 * <li>what is done to users, such as to disconnect or ban them, happens only on the
	 * node where it is done, and fails with
	 * {@link dev.realtime.RelayUnavailableException} on this one and, since this one does
	 * not confirm it, on all others;</li>
	 * <li>a room that had no member on the node cannot be subscribed to: error 100. A
	 * room that had one lets others in, who get nothing;</li>
	 * <li>members on the node get nothing, not even what the node had been sent and not
	 * received yet because of a {@linkplain #delay delay}.</li>
	 * </ul>
	 * Members on the node stay in the list of members that other nodes see.
	 * @param node the number of the node, from 0
	 */
	public void cut(int node) {
		this.nodes.get(node).cable().cut();
	}

	/**
	 * Let everything that the relay sends to a node take longer: messages, and also the
	 * answers to what the node asks, such as the confirmation of what it publishes. What
	 * the node publishes is in the room at once. What is on its way already keeps its
	 * time, and nothing overtakes it.
	 * @param node the number of the node, from 0
	 * @param delay how much longer, zero for no delay
	 */
	public void delay(int node, Duration delay) {
		this.nodes.get(node).cable().delay(delay);
	}

	/**
	 * Join a node that was cut off, and end its delay. For each room with members on the
	 * node:
	 * <ul>
	 * <li>if the history of the room still has all that was published meanwhile, the node
	 * gets it now, in order and before anything newer: its members see no hole;</li>
	 * <li>otherwise, if more than one publication was missed, the node gets the newest,
	 * finds the hole and tells its members to subscribe again at once: code 2500, or 3010
	 * for rooms that the server subscribed them to;</li>
	 * <li>otherwise, with the single one that was missed lost, the next publication shows
	 * the hole in the same way.</li>
	 * </ul>
	 * Who came and went meanwhile is in the list of members again, but is not announced.
	 * Who was banned meanwhile is, wherever that was done; what else was done to users is
	 * not made up for.
	 * @param node the number of the node, from 0
	 */
	public void heal(int node) {
		this.nodes.get(node).heal();
	}

	/**
	 * Return whether a node is cut off.
	 * @param node the number of the node, from 0
	 * @return {@code true} from {@link #cut} to {@link #heal}
	 */
	public boolean isCut(int node) {
		return this.nodes.get(node).cable().isCut();
	}

}
