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

package dev.realtime.autoconfigure;

import java.time.Duration;

import dev.realtime.OutagePolicy;
import dev.realtime.naming.AccessRule;
import dev.realtime.naming.SlowConsumerPolicy;
import org.jspecify.annotations.Nullable;

/**
 * How rooms are set up whose namespace does not say otherwise: {@code realtime.room.*}.
 *
 * @since 0.1.0
 */
public class RoomProperties {

	/**
	 * Which clients may become members.
	 */
	private AccessRule subscribe = AccessRule.AUTHENTICATED;

	/**
	 * Which clients may publish. What is handled by a method of the application is open
	 * to members by "handled", everything else to nobody.
	 */
	private AccessRule publish = AccessRule.HANDLED;

	/**
	 * Whether members can be listed and come and go visibly.
	 */
	private boolean presence;

	/**
	 * Number of members above which the list of members and their coming and going stop;
	 * 0 for no limit.
	 */
	private int presenceLimit = 1000;

	private final History history = new History();

	/**
	 * Whether a client that comes back gets what it missed; needs a history.
	 */
	private boolean recovery = true;

	/**
	 * What happens to a member that reads too slowly.
	 */
	private SlowConsumerPolicy slowConsumerPolicy = SlowConsumerPolicy.DISCONNECT;

	/**
	 * Number of missed publications up to which a client that comes back gets them; 0 for
	 * no limit. The same for all namespaces.
	 */
	private int recoveryLimit = 300;

	/**
	 * What becomes of publications while the broker is down, unless a publication says
	 * otherwise.
	 */
	private @Nullable OutagePolicy outagePolicy;

	public AccessRule getSubscribe() {
		return this.subscribe;
	}

	public void setSubscribe(AccessRule subscribe) {
		this.subscribe = subscribe;
	}

	public AccessRule getPublish() {
		return this.publish;
	}

	public void setPublish(AccessRule publish) {
		this.publish = publish;
	}

	public boolean isPresence() {
		return this.presence;
	}

	public void setPresence(boolean presence) {
		this.presence = presence;
	}

	public int getPresenceLimit() {
		return this.presenceLimit;
	}

	public void setPresenceLimit(int presenceLimit) {
		this.presenceLimit = presenceLimit;
	}

	public History getHistory() {
		return this.history;
	}

	public boolean isRecovery() {
		return this.recovery;
	}

	public void setRecovery(boolean recovery) {
		this.recovery = recovery;
	}

	public @Nullable OutagePolicy getOutagePolicy() {
		return this.outagePolicy;
	}

	public void setOutagePolicy(@Nullable OutagePolicy outagePolicy) {
		this.outagePolicy = outagePolicy;
	}

	public SlowConsumerPolicy getSlowConsumerPolicy() {
		return this.slowConsumerPolicy;
	}

	public void setSlowConsumerPolicy(SlowConsumerPolicy slowConsumerPolicy) {
		this.slowConsumerPolicy = slowConsumerPolicy;
	}

	public int getRecoveryLimit() {
		return this.recoveryLimit;
	}

	public void setRecoveryLimit(int recoveryLimit) {
		this.recoveryLimit = recoveryLimit;
	}

	/**
	 * Which publications are kept.
	 */
	public static class History {

		/**
		 * Number of publications of a room that are kept; 0 for no history.
		 */
		private int size;

		/**
		 * How long a publication is kept.
		 */
		private Duration timeToLive = Duration.ofHours(1);

		public int getSize() {
			return this.size;
		}

		public void setSize(int size) {
			this.size = size;
		}

		public Duration getTimeToLive() {
			return this.timeToLive;
		}

		public void setTimeToLive(Duration timeToLive) {
			this.timeToLive = timeToLive;
		}

	}

}
