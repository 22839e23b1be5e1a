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

package dev.realtime.relay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import dev.realtime.ErrorCode;
import dev.realtime.History;
import dev.realtime.HistoryQuery;
import dev.realtime.Member;
import dev.realtime.Payload;
import dev.realtime.Publication;
import dev.realtime.RealtimeException;
import dev.realtime.StreamPosition;
import dev.realtime.naming.RoomSettings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What every {@link RoomRelay} that keeps histories lets read of them, and how they are
 * forgotten. Does not expect that stages are complete when they are returned, nor that
 * time can be stopped.
 */
@Timeout(60)
public abstract class HistoryContract {

	private static final RoomSettings SETTINGS = RelayFixture.WITH_HISTORY;

	private static final HistoryQuery ALL = RelayFixture.ALL;

	private static final HistoryQuery TOP = RelayFixture.TOP;

	private RelayFixture room;

	/**
	 * Return the relay to test.
	 * @return the relay, the same each time during a test
	 */
	protected abstract RoomRelay relay();

	/**
	 * Let at least so much time pass for the relay. One that cannot be told the time
	 * waits.
	 * @param time how much, never more than some seconds
	 */
	protected abstract void elapse(Duration time);

	@BeforeEach
	void createRoom() {
		this.room = new RelayFixture(relay());
	}

	@Test
	void whenStreamIsNewHistoryIsEmptyAndTheEpochStays() {
		History history = read(ALL);
		assertThat(history.publications()).isEmpty();
		assertThat(history.top().offset()).isZero();
		assertThat(history.top().epoch()).isNotEmpty();
		assertThat(this.room.publish("1", SETTINGS)).isEqualTo(new StreamPosition(1, history.top().epoch()));
	}

	@Test
	void historyKeepsWhatWasPublished() {
		Member member = new Member("b\u00f6b \ud83d\ude00", "s1", Payload.ofJson("{\"a\":[1]}"),
				Payload.ofBytes(new byte[] { 0, -1 }));
		Publication publication = new Publication(Payload.ofJson("{\"a\":\"\u00e9\"}"), 0, member,
				Map.of("k", "v", "empty", ""), 0);
		this.room.publish(RelayMessage.publication(this.room.room(), publication, null, Set.of("s2"), "key"), SETTINGS);
		Publication kept = read(ALL).publications().get(0);
		assertThat(kept.data()).isEqualTo(publication.data());
		assertThat(kept.offset()).isEqualTo(1);
		assertThat(kept.info()).isEqualTo(member);
		assertThat(kept.info().roomInfo().isJson()).isFalse();
		assertThat(kept.tags()).isEqualTo(publication.tags());
		assertThat(kept.time()).isPositive();
	}

	@Test
	void historyKeepsAnyBytes() {
		byte[] bytes = new byte[256];
		IntStream.range(0, bytes.length).forEach((i) -> bytes[i] = (byte) i);
		String big = "\"" + "x".repeat(60_000) + "\"";
		this.room.publish(this.room.message(Payload.ofBytes(bytes)), SETTINGS);
		this.room.publish(this.room.message(Payload.EMPTY), SETTINGS);
		this.room.publish(this.room.message(Payload.ofJson(big)), SETTINGS);
		List<Publication> kept = read(ALL).publications();
		assertThat(kept).extracting(Publication::data)
			.containsExactly(Payload.ofBytes(bytes), Payload.EMPTY, Payload.ofJson(big));
		assertThat(kept.subList(0, 2)).extracting((publication) -> publication.data().isJson()).containsOnly(false);
		assertThat(kept).extracting(Publication::info).containsOnlyNulls();
		assertThat(kept).extracting(Publication::tags).containsOnly(Map.of());
	}

	@Test
	void timeGoesOn() {
		this.room.publish("1", SETTINGS);
		elapse(Duration.ofMillis(50));
		this.room.publish("2", SETTINGS);
		List<Publication> kept = read(ALL).publications();
		assertThat(kept.get(1).time()).isBetween(kept.get(0).time() + 30, kept.get(0).time() + 60_000);
		assertThat(read(ALL).publications()).isEqualTo(kept);
	}

	@Test
	void limitIsRespected() {
		this.room.publish(5, SETTINGS);
		assertThat(offsets(new HistoryQuery(2, null, false))).containsExactly(1L, 2L);
		assertThat(offsets(new HistoryQuery(2, null, true))).containsExactly(5L, 4L);
		assertThat(offsets(new HistoryQuery(10, null, false))).containsExactly(1L, 2L, 3L, 4L, 5L);
		assertThat(offsets(new HistoryQuery(-1, null, true))).containsExactly(5L, 4L, 3L, 2L, 1L);
	}

	@Test
	void whenLimitIsZeroOnlyTheTopIsRead() {
		StreamPosition top = this.room.publish(3, SETTINGS);
		assertThat(read(TOP)).isEqualTo(new History(List.of(), top));
		assertThat(read(new HistoryQuery(0, new StreamPosition(1, ""), false))).isEqualTo(new History(List.of(), top));
	}

	@Test
	void sinceIsExclusive() {
		StreamPosition top = this.room.publish(5, SETTINGS);
		StreamPosition second = new StreamPosition(2, top.epoch());
		assertThat(offsets(HistoryQuery.after(second, -1))).containsExactly(3L, 4L, 5L);
		assertThat(offsets(HistoryQuery.after(second, 1))).containsExactly(3L);
		assertThat(offsets(new HistoryQuery(-1, second, true))).containsExactly(1L);
		assertThat(offsets(new HistoryQuery(2, top, true))).containsExactly(4L, 3L);
		assertThat(read(HistoryQuery.after(top, -1))).isEqualTo(new History(List.of(), top));
		assertThat(offsets(HistoryQuery.after(new StreamPosition(0, top.epoch()), 2))).containsExactly(1L, 2L);
	}

	@Test
	void everyCombinationReadsWhatItShould() {
		RoomSettings small = RelayFixture.settings(5, RelayFixture.TIME_TO_LIVE);
		StreamPosition top = this.room.publish(8, small);
		List<Long> kept = List.of(4L, 5L, 6L, 7L, 8L);
		for (int limit : new int[] { -1, 0, 1, 2, 5, 6 }) {
			for (boolean reverse : new boolean[] { false, true }) {
				for (Long since : Arrays.asList(null, 0L, 1L, 3L, 4L, 6L, 8L, 9L, Long.MAX_VALUE)) {
					StreamPosition position = (since != null) ? new StreamPosition(since, top.epoch()) : null;
					HistoryQuery query = new HistoryQuery(limit, position, reverse);
					History history = this.room.history(query, small);
					assertThat(history.publications()).as(query.toString())
						.extracting(Publication::offset)
						.containsExactlyElementsOf(expected(kept, query));
					assertThat(history.top()).as(query.toString()).isEqualTo(top);
				}
			}
		}
	}

	private static List<Long> expected(List<Long> kept, HistoryQuery query) {
		List<Long> offsets = new ArrayList<>(kept);
		if (query.reverse()) {
			Collections.reverse(offsets);
		}
		return offsets.stream()
			.filter((offset) -> query.since() == null
					|| (query.reverse() ? offset < query.since().offset() : offset > query.since().offset()))
			.limit((query.limit() < 0) ? Long.MAX_VALUE : query.limit())
			.toList();
	}

	@Test
	void whenSinceIsInTheFutureNothingIsRead() {
		StreamPosition top = this.room.publish(2, SETTINGS);
		StreamPosition future = new StreamPosition(Long.MAX_VALUE, top.epoch());
		assertThat(read(HistoryQuery.after(future, -1))).isEqualTo(new History(List.of(), top));
		assertThat(offsets(new HistoryQuery(-1, future, true))).containsExactly(2L, 1L);
	}

	@Test
	void whenSinceHasNoEpochItFits() {
		this.room.publish(2, SETTINGS);
		assertThat(offsets(HistoryQuery.after(new StreamPosition(1, ""), -1))).containsExactly(2L);
	}

	@Test
	void whenEpochIsForeignReadingFails() {
		this.room.publish(2, SETTINGS);
		for (int limit : new int[] { -1, 0, 1 }) {
			assertUnrecoverable(new HistoryQuery(limit, new StreamPosition(1, "foreign"), false));
			assertUnrecoverable(new HistoryQuery(limit, new StreamPosition(1, "foreign"), true));
		}
		assertThat(offsets(ALL)).containsExactly(1L, 2L);
	}

	@Test
	void whenStreamIsNewAnyEpochIsForeign() {
		assertUnrecoverable(HistoryQuery.after(new StreamPosition(0, "foreign"), 0));
		assertUnrecoverable(HistoryQuery.after(new StreamPosition(7, "foreign"), -1));
	}

	private void assertUnrecoverable(HistoryQuery query) {
		assertThatExceptionOfType(CompletionException.class).isThrownBy(() -> read(query))
			.havingCause()
			.isInstanceOfSatisfying(RealtimeException.class,
					(ex) -> assertThat(ex.code()).isEqualTo(ErrorCode.UNRECOVERABLE_POSITION.code()).isEqualTo(112));
	}

	@Test
	void historyKeepsTheNewest() {
		RoomSettings small = RelayFixture.settings(3, RelayFixture.TIME_TO_LIVE);
		StreamPosition first = this.room.publish("1", small);
		this.room.publish(9, small);
		History history = this.room.history(ALL, small);
		assertThat(history.publications()).extracting(Publication::offset).containsExactly(8L, 9L, 10L);
		assertThat(history.top()).isEqualTo(new StreamPosition(10, first.epoch()));
		assertThat(this.room.offsets(HistoryQuery.after(new StreamPosition(2, first.epoch()), -1), small))
			.containsExactly(8L, 9L, 10L);
	}

	@Test
	void whenManyArePublishedAtOnceHistoryKeepsTheNewest() {
		RoomSettings small = RelayFixture.settings(3, RelayFixture.TIME_TO_LIVE);
		this.room.publishAs(0, 500, small);
		assertThat(this.room.history(ALL, small).publications()).extracting((publication) -> publication.data().text())
			.containsExactly(RelayFixture.text(0, 497), RelayFixture.text(0, 498), RelayFixture.text(0, 499));
	}

	@Test
	void longHistoryIsReadCompletely() {
		this.room.publishAs(0, 3000, SETTINGS);
		assertThat(offsets(ALL)).isEqualTo(LongStream.rangeClosed(1, 3000).boxed().toList());
	}

	@Test
	void whenTooOldPublicationsAreGoneButTheTopStays() {
		RoomSettings brief = RelayFixture.settings(100, Duration.ofSeconds(1));
		this.room.publish("1", brief);
		StreamPosition top = this.room.publish("2", brief);
		elapse(Duration.ofMillis(1100));
		assertThat(this.room.history(ALL, brief)).isEqualTo(new History(List.of(), top));
		StreamPosition next = this.room.publish("3", brief);
		assertThat(next).isEqualTo(new StreamPosition(3, top.epoch()));
		assertThat(this.room.offsets(ALL, brief)).containsExactly(3L);
	}

	@Test
	void whenSomethingYoungerCameTheTooOldPublicationIsGoneNevertheless() {
		RoomSettings brief = RelayFixture.settings(100, Duration.ofSeconds(1));
		StreamPosition first = this.room.publish("1", brief);
		elapse(Duration.ofMillis(600));
		this.room.publish("2", brief);
		elapse(Duration.ofMillis(600));
		History history = this.room.history(ALL, brief);
		// on real time the second one may have become too old as well
		assertThat(history.publications()).extracting(Publication::offset).isSubsetOf(2L);
		assertThat(history.top()).isEqualTo(new StreamPosition(2, first.epoch()));
		assertThat(this.room.offsets(HistoryQuery.after(first, -1), brief)).isSubsetOf(2L);
	}

	@Test
	void whenSomethingIsTooOldTheLimitCountsOnlyWhatIsNot() {
		RoomSettings brief = RelayFixture.settings(100, Duration.ofSeconds(2));
		this.room.publish(3, brief);
		elapse(Duration.ofMillis(1500));
		this.room.publish("4", brief);
		elapse(Duration.ofMillis(600));
		List<Long> limited = this.room.offsets(new HistoryQuery(1, null, false), brief);
		// on real time the last one may have become too old as well
		assertThat(limited).isIn(List.of(4L), List.of()).containsAll(this.room.offsets(ALL, brief));
	}

	@Test
	void whenHistoryIsRemovedStreamAndOffsetsGoOn() {
		StreamPosition top = this.room.publish(3, SETTINGS);
		this.room.removeHistory(SETTINGS);
		assertThat(read(ALL)).isEqualTo(new History(List.of(), top));
		assertThat(read(HistoryQuery.after(new StreamPosition(1, top.epoch()), -1)).publications()).isEmpty();
		assertThat(this.room.publish("4", SETTINGS)).isEqualTo(new StreamPosition(4, top.epoch()));
		assertThat(offsets(ALL)).containsExactly(4L);
		assertUnrecoverable(HistoryQuery.after(new StreamPosition(1, "foreign"), -1));
		this.room.removeHistory(SETTINGS);
		this.room.removeHistory(SETTINGS);
		assertThat(read(TOP).top()).isEqualTo(new StreamPosition(4, top.epoch()));
	}

	@Test
	void whenHistoryIsRemovedSubscribersStay() {
		RecordingSubscriber subscriber = new RecordingSubscriber();
		this.room.subscribe(subscriber, SETTINGS);
		this.room.publish("1", SETTINGS);
		this.room.removeHistory(SETTINGS);
		this.room.publish("2", SETTINGS);
		RelayFixture.soon().untilAsserted(() -> assertThat(subscriber.offsets()).containsExactly(1L, 2L));
		assertThat(subscriber.publications()).extracting(Publication::offset).containsExactly(1L, 2L);
	}

	@Test
	void whenThereIsNoHistoryRemovingItChangesNothing() {
		this.room.removeHistory(SETTINGS);
		StreamPosition first = this.room.publish("1", RelayFixture.WITHOUT_HISTORY);
		this.room.removeHistory(RelayFixture.WITHOUT_HISTORY);
		assertThat(this.room.publish("2", RelayFixture.WITHOUT_HISTORY))
			.isEqualTo(new StreamPosition(2, first.epoch()));
	}

	@Test
	void removedHistoryIsTheRoomsOnly() {
		RelayFixture other = this.room.otherRoom();
		this.room.publish("1", SETTINGS);
		other.publish("1", SETTINGS);
		this.room.removeHistory(SETTINGS);
		assertThat(other.offsets(ALL, SETTINGS)).containsExactly(1L);
	}

	private History read(HistoryQuery query) {
		return this.room.history(query, SETTINGS);
	}

	private List<Long> offsets(HistoryQuery query) {
		return this.room.offsets(query, SETTINGS);
	}

}
