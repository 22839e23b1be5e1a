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

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.realtime.Member;
import dev.realtime.Payload;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What every {@link PresenceStore} does. Does not expect that stages are complete when
 * they are returned.
 */
@Timeout(60)
public abstract class PresenceStoreContract {

	private final String room = "chat:" + UUID.randomUUID();

	/**
	 * Return the store to test.
	 * @return the store, the same each time during a test
	 */
	protected abstract PresenceStore store();

	/**
	 * Return the store of another node, where there can be one.
	 * @return the store, the same each time during a test
	 */
	protected PresenceStore other() {
		return store();
	}

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
		assertThat(remove("s2")).isZero();
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
		add(new Member("bob", "s1", Payload.ofBytes(new byte[] { 0, -1, '\n' }), Payload.EMPTY));
		assertThat(members().get(0).connectionInfo()).isEqualTo(Payload.ofBytes(new byte[] { 0, -1, '\n' }));
		assertThat(members().get(0).connectionInfo().isJson()).isFalse();
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
		ExecutorService threads = Executors.newFixedThreadPool(4);
		try {
			List<CompletableFuture<Void>> results = new ArrayList<>();
			for (int i = 0; i < 4; i++) {
				PresenceStore store = (i % 2 == 0) ? store() : other();
				String prefix = "s" + i + "-";
				results.add(CompletableFuture.runAsync(() -> comeAndGo(store, prefix), threads));
			}
			results.forEach(CompletableFuture::join);
		}
		finally {
			threads.shutdownNow();
		}
		assertThat(members()).hasSize(400);
		assertThat(await(other().members(this.room))).hasSize(400);
	}

	private void comeAndGo(PresenceStore store, String prefix) {
		for (int i = 0; i < 200; i++) {
			await(store.add(this.room, new Member("bob", prefix + i)));
			if (i % 2 == 0) {
				await(store.remove(this.room, prefix + i));
			}
		}
	}

	@Test
	void membersOfTheOtherNodeAreSeen() {
		add(new Member("bob", "s1"));
		assertThat(await(other().add(this.room, new Member("eve", "s2")))).isEqualTo(2);
		assertThat(members()).containsExactlyInAnyOrder(new Member("bob", "s1"), new Member("eve", "s2"));
		assertThat(await(other().members(this.room))).containsExactlyInAnyOrderElementsOf(members());
		assertThat(await(other().remove(this.room, "s2"))).isEqualTo(2);
		assertThat(members()).containsExactly(new Member("bob", "s1"));
	}

	@Test
	void whoIsExpectedStaysUntilRemoved() {
		add(new Member("bob", "s1"));
		add(new Member("eve", "s2"));
		expect(new Member("bob", "s1"));
		assertThat(members()).hasSize(2);
		assertThat(await(other().members(this.room))).hasSize(2);
		assertThat(remove("s1")).isEqualTo(2);
		assertThat(members()).containsExactly(new Member("eve", "s2"));
	}

	@Test
	void whoLooksLikeSomebodyExpectedTakesItsPlace() {
		add(new Member("bob", "s1"));
		add(new Member("eve", "s2"));
		expect(new Member("bob", "s1"));
		assertThat(await(other().arrive(this.room, new Member("bob", "s3")))).isEqualTo(new Arrival(2, true));
		assertThat(members()).containsExactlyInAnyOrder(new Member("eve", "s2"), new Member("bob", "s3"));
		assertThat(await(other().members(this.room))).containsExactlyInAnyOrderElementsOf(members());
		assertThat(remove("s1")).isZero();
		assertThat(await(other().remove(this.room, "s3"))).isEqualTo(2);
		assertThat(members()).containsExactly(new Member("eve", "s2"));
	}

	@Test
	void onlyOneTakesTheOnePlace() {
		add(new Member("bob", "s1"));
		expect(new Member("bob", "s1"));
		assertThat(arrive(new Member("bob", "s2"))).isEqualTo(new Arrival(1, true));
		assertThat(arrive(new Member("bob", "s3"))).isEqualTo(new Arrival(2, false));
	}

	@Test
	void whoIsThereIsNotReplaced() {
		add(new Member("bob", "s1"));
		assertThat(arrive(new Member("bob", "s2"))).isEqualTo(new Arrival(2, false));
		expect(new Member("bob", "s1"));
		remove("s1");
		assertThat(arrive(new Member("bob", "s3"))).isEqualTo(new Arrival(2, false));
	}

	@Test
	void whoLooksDifferentTakesNobodysPlace() {
		Member bob = new Member("bob", "s1", Payload.ofJson("1"), Payload.ofJson("2"));
		add(bob);
		expect(bob);
		for (Member other : List.of(new Member("eve", "s2", bob.connectionInfo(), bob.roomInfo()),
				new Member("bob", "s3", Payload.EMPTY, bob.roomInfo()),
				new Member("bob", "s4", bob.connectionInfo(), Payload.ofJson("3")), new Member("bob", "s5"))) {
			assertThat(arrive(other).back()).as(other.session()).isFalse();
		}
		assertThat(arrive(new Member("bob", "s6", bob.connectionInfo(), bob.roomInfo())).back()).isTrue();
	}

	@Test
	void ofWhomNothingIsKnownNobodyTakesThePlace() {
		add(new Member("", "s1"));
		expect(new Member("", "s1"));
		assertThat(arrive(new Member("", "s2")).back()).isFalse();
		Member guest = new Member("", "s3", Payload.ofJson("\"guest 7\""), Payload.EMPTY);
		add(guest);
		expect(guest);
		assertThat(arrive(new Member("", "s4", guest.connectionInfo(), Payload.EMPTY)).back()).isTrue();
	}

	@Test
	void roomsAndThoseWhoAreExpectedAreSeparate() {
		add(new Member("bob", "s1"));
		expect(new Member("bob", "s1"));
		assertThat(await(store().arrive(this.room + "x", new Member("bob", "s2")))).isEqualTo(new Arrival(1, false));
		assertThat(members()).containsExactly(new Member("bob", "s1"));
	}

	/** The question comes after it on the same way. */
	private void expect(Member member) {
		store().expect(this.room, member, Duration.ofMinutes(1));
		members();
	}

	private Arrival arrive(Member member) {
		return await(store().arrive(this.room, member));
	}

	@Test
	void bigRoomsAreListedCompletely() {
		List<CompletionStage<Integer>> stages = IntStream.range(0, 1000)
			.mapToObj((i) -> store().add(this.room, new Member("bob", "s" + i)))
			.toList();
		stages.forEach(this::await);
		assertThat(stages).extracting((stage) -> await(stage)).contains(1, 1000);
		assertThat(members()).extracting(Member::session).doesNotHaveDuplicates().hasSize(1000);
	}

	protected final String room() {
		return this.room;
	}

	protected final int add(Member member) {
		return await(store().add(this.room, member));
	}

	protected final int remove(String session) {
		return await(store().remove(this.room, session));
	}

	private List<Member> members() {
		return await(store().members(this.room));
	}

	private <T> T await(CompletionStage<T> stage) {
		return stage.toCompletableFuture().copy().orTimeout(20, TimeUnit.SECONDS).join();
	}

}
