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

package dev.realtime.redis;

import dev.realtime.relay.RelayObserver;
import dev.realtime.relay.RelayState;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the connection to Redis, and one line in the log whenever that
 * changes. Thread-safe.
 */
final class RelayCondition {

	private static final Log logger = LogFactory.getLog(RedisRoomRelay.class);

	private final String name;

	private final RelayObserver observer;

	private boolean accepting;

	private boolean hearing;

	private volatile RelayState state = RelayState.DOWN;

	private volatile boolean stopped;

	/**
	 * Create a condition.
	 * @param name what the log calls the server
	 */
	RelayCondition(String name, RelayObserver observer) {
		this.name = name;
		this.observer = observer;
	}

	RelayState state() {
		return this.state;
	}

	/**
	 * Note whether Redis accepts what is published.
	 */
	void accepting(boolean accepting, String reason) {
		if (this.accepting != accepting) {
			update(accepting, null, reason);
		}
	}

	/**
	 * Note whether what is published arrives.
	 */
	void hearing(boolean hearing, String reason) {
		if (this.hearing != hearing) {
			update(null, hearing, reason);
		}
	}

	private void update(@Nullable Boolean accepting, @Nullable Boolean hearing, String reason) {
		RelayState next;
		synchronized (this) {
			this.accepting = (accepting != null) ? accepting : this.accepting;
			this.hearing = (hearing != null) ? hearing : this.hearing;
			next = this.hearing ? RelayState.LIVE : RelayState.DEAF;
			next = this.accepting ? next : RelayState.DOWN;
			if (next == this.state) {
				return;
			}
			this.state = next;
		}
		if (!this.stopped) {
			log(next, reason);
			this.observer.changed(next, reason);
		}
	}

	/** On the way up there are states that are nothing to worry about. */
	private void log(RelayState state, String reason) {
		switch (state) {
			case LIVE -> logger.info(this.name + " connects this node with the others");
			case DEAF -> {
				if (!reason.isEmpty()) {
					logger.warn("What other nodes publish does not arrive from " + this.name + ": " + reason);
				}
			}
			case DOWN -> logger.warn("Nothing can be published to " + this.name + ": " + reason);
		}
	}

	/**
	 * Say nothing more.
	 */
	void stop() {
		this.stopped = true;
	}

	/**
	 * A connection is lost.
	 */
	void disconnected(String reason) {
		this.observer.disconnected(reason);
	}

}
