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

import java.util.ArrayList;
import java.util.List;

/**
 * Several nodes of an application in one JVM. They are joined by one relay in memory,
 * whatever {@code realtime.relay} is set to: see {@link RealtimeTestRelay} for what can
 * be done to it. <pre class="code">
 * try (RealtimeTestCluster cluster = RealtimeTestCluster.of(MyApplication.class).nodes(2).start()) {
 *     RealtimeTestClient anna = cluster.node(0).connect("anna");
 *     anna.subscribe("chat:lobby");
 *     cluster.relay().cut(0);
 *     cluster.node(1).operations().publish("chat:lobby", "hello");
 *     assertThat(anna).receivedNothing("chat:lobby");
 *     cluster.relay().heal(0);
 *     assertThat(anna).received("chat:lobby").payloads().containsExactly("hello");
 * }
 * </pre>
 *
 * @since 0.1.0
 */
public final class RealtimeTestCluster implements AutoCloseable {

	private final List<RealtimeTestNode> nodes = new ArrayList<>();

	private final RealtimeTestRelay relay = new RealtimeTestRelay(this.nodes);

	private final Hub hub = new Hub();

	RealtimeTestCluster() {
	}

	/**
	 * Begin to build a cluster.
	 * @param configuration the configuration of the application, such as its main class
	 * @return the builder
	 */
	public static RealtimeTestClusterBuilder of(Class<?>... configuration) {
		return new RealtimeTestClusterBuilder(configuration);
	}

	RealtimeTestNode add() {
		RealtimeTestNode node = new RealtimeTestNode(this.nodes.size(), this.hub);
		this.nodes.add(node);
		return node;
	}

	/**
	 * Return a node.
	 * @param index its number, from 0
	 * @return the node
	 */
	public RealtimeTestNode node(int index) {
		return this.nodes.get(index);
	}

	/**
	 * Return all nodes.
	 * @return the nodes
	 */
	public List<RealtimeTestNode> nodes() {
		return List.copyOf(this.nodes);
	}

	/**
	 * Return what joins the nodes.
	 * @return the relay
	 */
	public RealtimeTestRelay relay() {
		return this.relay;
	}

	/**
	 * Shut all nodes down.
	 */
	@Override
	public void close() {
		this.nodes.forEach(RealtimeTestNode::close);
	}

}
