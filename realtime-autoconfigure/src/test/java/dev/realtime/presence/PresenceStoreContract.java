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

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import dev.realtime.Member;
import dev.realtime.Payload;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What every {@link PresenceStore} does.
 */
@Timeout(60)
abstract class PresenceStoreContract {

	private final String room = "chat:" + UUID.randomUUID();

	/**
	 * Return the store to test, the same each time.
	 */
	abstract PresenceStore store();

	@Test
	void whenRoomIsUnknownItHasNoMembers() {
		assertThat(members()).isEmpty();
	}

	@Test
	void addingTellsHowManyThereAre() {
		assertThat(add(new Member("bob", "s1"))).isEqualTo(1);
		assertThat(add(new Member("eve", "s2"))).isEqualTo(2);
		assertThat(members()).containsExactlyInAnyOrder(new Member("bob", "s1"), new Member("eve", "s2"));
	}

	@Test
	void removingTellsHowManyThereWere() {
		add(new Member("bob", "s1"));
		add(new Member("eve", "s2"));
		assertThat(remove("s1")).isEqualTo(2);
		assertThat(members()).containsExactly(new Member("eve", "s2"));
		assertThat(remove("s2")).isEqualTo(1);
		assertThat(members()).isEmpty();
		assertThat(remove("s2")).isZero();
	}

	@Test
	void whenSessionIsUnknownNobodyIsRemoved() {
		add(new Member("bob", "s1"));
		assertThat(remove("s2")).isEqualTo(1);
		assertThat(members()).hasSize(1);
	}

	@Test
	void whenUserHasTwoSessionsTheyAreTwoMembers() {
		add(new Member("bob", "s1"));
		assertThat(add(new Member("bob", "s2"))).isEqualTo(2);
		assertThat(members()).extracting(Member::user).containsExactly("bob", "bob");
	}

	@Test
	void whenSessionIsAddedAgainItsMemberIsReplaced() {
		add(new Member("bob", "s1"));
		Member changed = new Member("bob", "s1", Payload.EMPTY, Payload.ofJson("\"away\""));
		assertThat(add(changed)).isEqualTo(1);
		assertThat(members()).containsExactly(changed);
	}

	@Test
	void memberIsKeptWithItsInformation() {
		Member member = new Member("b\u00f6b \ud83d\ude00", "s1", Payload.ofJson("{\"a\":[1]}"), Payload.ofJson("2"));
		add(member);
		assertThat(members()).containsExactly(member);
		assertThat(members().get(0).connectionInfo().isJson()).isTrue();
	}

	@Test
	void roomsAreSeparate() {
		add(new Member("bob", "s1"));
		await(store().add(this.room + "x", new Member("eve", "s1")));
		await(store().remove(this.room, "s1"));
		assertThat(await(store().members(this.room + "x"))).containsExactly(new Member("eve", "s1"));
	}

	@Test
	void membersAreASnapshot() {
		add(new Member("bob", "s1"));
		List<Member> before = members();
		add(new Member("eve", "s2"));
		remove("s1");
		assertThat(before).containsExactly(new Member("bob", "s1"));
	}

	@Test
	void operationsOnOneMemberTakeEffectInTheirOrder() {
		List<CompletionStage<Integer>> stages = new ArrayList<>();
		for (int i = 0; i < 200; i++) {
			stages.add(store().add(this.room, new Member("bob", "s1")));
			stages.add(store().remove(this.room, "s1"));
			stages.add(store().add(this.room, new Member("eve", "s2")));
		}
		stages.forEach(this::await);
		assertThat(members()).containsExactly(new Member("eve", "s2"));
	}

	@Test
	void whenManyComeAndGoNobodyIsLostOrLeft() {
		List<CompletableFuture<Void>> threads = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			String prefix = "s" + i + "-";
			threads.add(CompletableFuture.runAsync(() -> {
				for (int j = 0; j < 200; j++) {
					add(new Member("bob", prefix + j));
					if (j % 2 == 0) {
						remove(prefix + j);
					}
				}
			}));
		}
		CompletableFuture.allOf(threads.toArray(CompletableFuture[]::new)).join();
		assertThat(members()).hasSize(400);
	}

	String room() {
		return this.room;
	}

	int add(Member member) {
		return await(store().add(this.room, member));
	}

	int remove(String session) {
		return await(store().remove(this.room, session));
	}

	private List<Member> members() {
		return await(store().members(this.room));
	}

	private <T> T await(CompletionStage<T> stage) {
		return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
	}

}
