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

package dev.realtime.presence;

import dev.realtime.Member;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link InMemoryPresenceStore}.
 */
class InMemoryPresenceStoreTests extends PresenceStoreContract {

	private final InMemoryPresenceStore store = new InMemoryPresenceStore();

	@Override
	protected PresenceStore store() {
		return this.store;
	}

	@Test
	void whenLastMemberIsRemovedTheRoomIsForgotten() {
		add(new Member("bob", "s1"));
		assertThat(this.store.size()).isEqualTo(1);
		remove("s1");
		assertThat(this.store.size()).isZero();
	}

	@Test
	void everyStageIsComplete() {
		assertThat(this.store.add(room(), new Member("bob", "s1"))).isCompleted();
		assertThat(this.store.members(room())).isCompleted();
		assertThat(this.store.remove(room(), "s1")).isCompleted();
	}

}
