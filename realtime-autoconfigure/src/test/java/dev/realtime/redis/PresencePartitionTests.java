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

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import dev.realtime.Member;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PresencePartition}.
 */
class PresencePartitionTests {

	private static final Place PLACE = new Place("chat:a", "s1");

	private static final Member BOB = new Member("bob", "s1");

	private static final Member EVE = new Member("eve", "s1");

	private final PresencePartition partition = new PresencePartition(0);

	private final long now = System.nanoTime();

	@Test
	void onlyOneCallIsInFlight() {
		want(PLACE, BOB);
		Map<Place, PresenceChange> first = take();
		assertThat(first.get(PLACE).member()).isEqualTo(BOB);
		want(PLACE, EVE);
		assertThat(this.partition.take(this.now)).isNull();
		this.partition.told(first, true, this.now);
		assertThat(take().get(PLACE).member()).isEqualTo(EVE);
	}

	@Test
	void whatIsWantedMeanwhileIsToldAtOnceWithTheLastWord() {
		want(PLACE, BOB);
		Map<Place, PresenceChange> first = take();
		CompletableFuture<Integer> removed = want(PLACE, null);
		CompletableFuture<Integer> added = want(PLACE, EVE);
		this.partition.told(first, true, this.now);
		PresenceChange next = take().get(PLACE);
		assertThat(next.member()).isEqualTo(EVE);
		assertThat(next.answers()).containsExactly(removed, added);
	}

	@Test
	void whatFailsIsToldAgainUnlessSomethingElseIsTrueByThen() {
		CompletableFuture<Integer> added = want(PLACE, BOB);
		Place other = new Place("chat:a", "s2");
		want(other, new Member("bob", "s2"));
		Map<Place, PresenceChange> first = take();
		CompletableFuture<Integer> removed = want(PLACE, null);
		this.partition.failed(first, this.now + 10);
		assertThat(this.partition.take(this.now + 9)).isNull();
		Map<Place, PresenceChange> second = this.partition.take(this.now + 10);
		assertThat(second).containsOnlyKeys(PLACE, other);
		assertThat(second.get(PLACE).member()).isNull();
		assertThat(second.get(PLACE).answers()).containsExactly(added, removed);
	}

	@Test
	void whatRedisCannotKnowOfNeedNotBeRemoved() {
		CompletableFuture<Integer> added = want(PLACE, BOB);
		CompletableFuture<Integer> removed = new CompletableFuture<>();
		assertThat(this.partition.want(PLACE, null, removed)).containsExactly(added, removed);
		assertThat(this.partition.take(this.now)).isNull();
		assertThat(this.partition.isEmpty()).isTrue();
	}

	@Test
	void whatRedisMayKnowOfIsRemoved() {
		want(PLACE, BOB);
		this.partition.failed(take(), this.now);
		want(PLACE, null);
		assertThat(take().get(PLACE).member()).isNull();
		want(PLACE, BOB);
		assertThat(want(PLACE, null)).isNotDone();
		assertThat(this.partition.isEmpty()).isFalse();
	}

	@Test
	void whenRedisHasLostAPartitionEverythingIsToldAgain() {
		want(PLACE, BOB);
		this.partition.told(take(), true, this.now);
		assertThat(this.partition.isKnown()).isTrue();
		Place other = new Place("chat:b", "s1");
		want(other, EVE);
		this.partition.told(take(), true, this.now);
		assertThat(take()).containsOnlyKeys(PLACE, other);
	}

	@Test
	void whenTheLatestChangesAreLostTheyAreToldAgain() {
		want(PLACE, BOB);
		this.partition.told(take(), true, this.now);
		Place other = new Place("chat:b", "s1");
		want(other, EVE);
		want(PLACE, null);
		this.partition.told(take(), false, this.now + 20_000_000_000L);
		this.partition.tellRecent();
		Map<Place, PresenceChange> again = take();
		assertThat(again).containsOnlyKeys(PLACE, other);
		assertThat(again.get(PLACE).member()).isNull();
		assertThat(again.get(other).member()).isEqualTo(EVE);
	}

	@Test
	void whatWasToldLongAgoIsNotToldAgain() {
		want(PLACE, BOB);
		this.partition.told(take(), true, this.now);
		Place other = new Place("chat:b", "s1");
		want(other, EVE);
		this.partition.told(take(), false, this.now + 20_000_000_000L);
		this.partition.tellRecent();
		assertThat(take()).containsOnlyKeys(other);
	}

	@Test
	void whenItStartsAgainAnswersOfTheOldRunDoNotCount() {
		want(PLACE, BOB);
		Map<Place, PresenceChange> lost = take();
		this.partition.restart();
		Map<Place, PresenceChange> second = this.partition.take(System.nanoTime());
		assertThat(second).containsOnlyKeys(PLACE);
		this.partition.failed(lost, this.now);
		this.partition.told(lost, true, this.now);
		assertThat(this.partition.isKnown()).isFalse();
		assertThat(this.partition.take(System.nanoTime())).isNull();
	}

	@Test
	void aCallHasALimit() {
		IntStream.range(0, 300).forEach((i) -> want(new Place("chat:a", "s" + i), BOB));
		Map<Place, PresenceChange> first = take();
		assertThat(first).hasSize(256);
		this.partition.told(first, true, this.now);
		assertThat(take()).hasSize(44);
	}

	@Test
	void membersAreThoseOfTheRoom() {
		want(PLACE, BOB);
		want(new Place("chat:b", "s1"), EVE);
		assertThat(this.partition.members("chat:a")).isEqualTo(List.of(BOB));
		want(PLACE, null);
		assertThat(this.partition.members("chat:a")).isEmpty();
	}

	private CompletableFuture<Integer> want(Place place, @Nullable Member member) {
		CompletableFuture<Integer> answer = new CompletableFuture<>();
		this.partition.want(place, (member != null) ? BookedMember.here(member) : null, answer);
		return answer;
	}

	private Map<Place, PresenceChange> take() {
		Map<Place, PresenceChange> taken = this.partition.take(System.nanoTime());
		assertThat(taken).isNotNull();
		return taken;
	}

}
