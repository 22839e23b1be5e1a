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
 * How the rooms of one namespace are set up: {@code realtime.namespaces.<name>.*}. What
 * is not set is inherited from {@code realtime.room.*}.
 *
 * @since 0.1.0
 */
public class NamespaceProperties {

	/**
	 * Which clients may become members.
	 */
	private @Nullable AccessRule subscribe;

	/**
	 * Which clients may publish. What is handled by a method of the application is open
	 * to members by "handled", everything else to nobody.
	 */
	private @Nullable AccessRule publish;

	/**
	 * Whether members can be listed and come and go visibly.
	 */
	private @Nullable Boolean presence;

	/**
	 * Number of members above which the list of members and their coming and going stop;
	 * 0 for no limit.
	 */
	private @Nullable Integer presenceLimit;

	private final History history = new History();

	/**
	 * Whether a client that comes back gets what it missed; needs a history.
	 */
	private @Nullable Boolean recovery;

	/**
	 * What happens to a member that reads too slowly.
	 */
	private @Nullable SlowConsumerPolicy slowConsumerPolicy;

	/**
	 * What becomes of publications while the broker is down, unless a publication says
	 * otherwise.
	 */
	private @Nullable OutagePolicy outagePolicy;

	public @Nullable AccessRule getSubscribe() {
		return this.subscribe;
	}

	public void setSubscribe(@Nullable AccessRule subscribe) {
		this.subscribe = subscribe;
	}

	public @Nullable AccessRule getPublish() {
		return this.publish;
	}

	public void setPublish(@Nullable AccessRule publish) {
		this.publish = publish;
	}

	public @Nullable Boolean getPresence() {
		return this.presence;
	}

	public void setPresence(@Nullable Boolean presence) {
		this.presence = presence;
	}

	public @Nullable Integer getPresenceLimit() {
		return this.presenceLimit;
	}

	public void setPresenceLimit(@Nullable Integer presenceLimit) {
		this.presenceLimit = presenceLimit;
	}

	public History getHistory() {
		return this.history;
	}

	public @Nullable OutagePolicy getOutagePolicy() {
		return this.outagePolicy;
	}

	public void setOutagePolicy(@Nullable OutagePolicy outagePolicy) {
		this.outagePolicy = outagePolicy;
	}

	public @Nullable SlowConsumerPolicy getSlowConsumerPolicy() {
		return this.slowConsumerPolicy;
	}

	public void setSlowConsumerPolicy(@Nullable SlowConsumerPolicy slowConsumerPolicy) {
		this.slowConsumerPolicy = slowConsumerPolicy;
	}

	public @Nullable Boolean getRecovery() {
		return this.recovery;
	}

	public void setRecovery(@Nullable Boolean recovery) {
		this.recovery = recovery;
	}

	/**
	 * Which publications are kept.
	 */
	public static class History {

		/**
		 * Number of publications of a room that are kept; 0 for no history.
		 */
		private @Nullable Integer size;

		/**
		 * How long a publication is kept.
		 */
		private @Nullable Duration timeToLive;

		public @Nullable Integer getSize() {
			return this.size;
		}

		public void setSize(@Nullable Integer size) {
			this.size = size;
		}

		public @Nullable Duration getTimeToLive() {
			return this.timeToLive;
		}

		public void setTimeToLive(@Nullable Duration timeToLive) {
			this.timeToLive = timeToLive;
		}

	}

}
