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

package dev.realtime;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Options of one publication. Immutable; every method returns a changed copy.
 *
 * @param id an idempotency key, or {@code null}: a room delivers an id once, as far as
 * its memory reaches (1,000 ids or 5 minutes)
 * @param tags short texts that travel with the payload
 * @param exclude ids of sessions that do not get it
 * @param conflationKey what it replaces, or {@code null}: where a room conflates, of
 * publications with the same key that stand together only the last is delivered
 * @param outagePolicy what becomes of it while the broker is down, or {@code null} for
 * what is configured
 * @since 0.1.0
 */
public record PublishOptions(@Nullable String id, Map<String, String> tags, Set<String> exclude,
		@Nullable String conflationKey, @Nullable OutagePolicy outagePolicy) {

	/** No options. */
	public static final PublishOptions NONE = new PublishOptions(null, Map.of(), Set.of(), null, null);

	public PublishOptions {
		tags = Map.copyOf(tags);
		exclude = Set.copyOf(exclude);
	}

	/**
	 * Set the idempotency key.
	 * @param id the key, unique in the room
	 * @return the changed options
	 */
	public PublishOptions id(String id) {
		return new PublishOptions(id, this.tags, this.exclude, this.conflationKey, this.outagePolicy);
	}

	/**
	 * Add a tag.
	 * @param key the name
	 * @param value the text
	 * @return the changed options
	 */
	public PublishOptions tag(String key, String value) {
		Map<String, String> changed = new HashMap<>(this.tags);
		changed.put(key, value);
		return new PublishOptions(this.id, changed, this.exclude, this.conflationKey, this.outagePolicy);
	}

	/**
	 * Leave sessions out.
	 * @param sessions the ids of the sessions
	 * @return the changed options
	 */
	public PublishOptions exclude(String... sessions) {
		return new PublishOptions(this.id, this.tags, Set.of(sessions), this.conflationKey, this.outagePolicy);
	}

	/**
	 * Set what it replaces where publications are conflated.
	 * @param conflationKey the key, such as the name of what has a new value
	 * @return the changed options
	 */
	public PublishOptions conflationKey(String conflationKey) {
		return new PublishOptions(this.id, this.tags, this.exclude, conflationKey, this.outagePolicy);
	}

	/**
	 * Set what becomes of it while the broker is down.
	 * @param outagePolicy the policy
	 * @return the changed options
	 */
	public PublishOptions outagePolicy(OutagePolicy outagePolicy) {
		return new PublishOptions(this.id, this.tags, this.exclude, this.conflationKey, outagePolicy);
	}

}
