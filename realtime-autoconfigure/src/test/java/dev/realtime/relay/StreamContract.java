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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
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
import static org.awaitility.Awaitility.await;

/**
 * What every {@link RoomRelay} does about the streams of rooms: positions, history and
 * what recovery is made of.
 */
@Timeout(60)
abstract class StreamContract {

	private static final RoomSettings SETTINGS = RelayFixture.WITH_HISTORY;

	private static final HistoryQuery ALL = new HistoryQuery(-1, null, false);

	private static final HistoryQuery TOP = new HistoryQuery(0, null, false);

	private final RecordingSubscriber subscriber = new RecordingSubscriber();

	private RelayFixture room;

	/**
	 * Return the relay to test, the same each time.
	 */
	abstract RoomRelay relay();

	/**
	 * Let at least so much time pass for the relay; never more than some seconds.
	 */
	abstract void elapse(Duration time);

	@BeforeEach
	void setUp() {
		this.room = new RelayFixture(relay());
	}

	@Test
	void streamBeginsAtOneAndHasOneEpoch() {
		StreamPosition first = this.room.publish("1", SETTINGS);
		assertThat(first.offset()).isEqualTo(1);
		assertThat(first.epoch()).isNotBlank();
		assertThat(this.room.publish("2", SETTINGS)).isEqualTo(new StreamPosition(2, first.epoch()));
		assertThat(this.room.subscribe(this.subscriber, SETTINGS)).isEqualTo(new StreamPosition(2, first.epoch()));
		assertThat(this.room.publish("3", SETTINGS)).isEqualTo(new StreamPosition(3, first.epoch()));
		assertThat(read(TOP).top()).isEqualTo(new StreamPosition(3, first.epoch()));
	}

	@Test
	void streamsOfRoomsHaveDifferentEpochs() {
		assertThat(new RelayFixture(relay()).publish("1", SETTINGS).epoch())
			.isNotEqualTo(this.room.publish("1", SETTINGS).epoch());
	}

	@Test
	void whenManyPublishOffsetsHaveNoHole() {
		this.room.subscribe(this.subscriber, SETTINGS);
		Set<StreamPosition> positions = new HashSet<>();
		List<CompletableFuture<Void>> threads = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			threads.add(CompletableFuture.runAsync(() -> {
				for (int j = 0; j < 250; j++) {
					StreamPosition position = this.room.publish("1", SETTINGS);
					synchronized (positions) {
						positions.add(position);
					}
				}
			}));
		}
		CompletableFuture.allOf(threads.toArray(CompletableFuture[]::new)).join();
		assertThat(positions).hasSize(1000);
		assertThat(positions).extracting(StreamPosition::epoch).containsOnly(positions.iterator().next().epoch());
		List<Long> offsets = LongStream.rangeClosed(1, 1000).boxed().toList();
		assertThat(offsets(read(ALL))).isEqualTo(offsets);
		await().untilAsserted(() -> assertThat(this.subscriber.offsets()).isEqualTo(offsets));
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
		this.room.publish("{\"a\":\"\u00e9\"}", SETTINGS);
		Publication publication = read(ALL).publications().get(0);
		assertThat(publication.data()).isEqualTo(Payload.ofJson("{\"a\":\"\u00e9\"}"));
		assertThat(publication.data().isJson()).isTrue();
		assertThat(publication.offset()).isEqualTo(1);
		assertThat(publication.info()).isEqualTo(new Member("bob", "s1"));
		assertThat(publication.tags()).containsOnlyKeys("k").containsValue("v");
		assertThat(publication.time()).isPositive();
	}

	@Test
	void subscriberSeesTheSamePublicationAsHistory() {
		this.room.subscribe(this.subscriber, SETTINGS);
		this.room.publish("1", SETTINGS);
		await().until(() -> this.subscriber.messages().size() == 1);
		assertThat(read(ALL).publications()).isEqualTo(this.subscriber.publications());
	}

	@Test
	void comingAndGoingIsNotInTheHistory() {
		RelayFixture.get(relay().publish(RelayMessage.joined(this.room.room(), new Member("", "s1")), SETTINGS));
		assertThat(read(ALL).publications()).isEmpty();
		assertThat(read(ALL).top().offset()).isZero();
	}

	@Test
	void limitIsRespected() {
		publish(5);
		assertThat(offsets(read(new HistoryQuery(2, null, false)))).containsExactly(1L, 2L);
		assertThat(offsets(read(new HistoryQuery(2, null, true)))).containsExactly(5L, 4L);
		assertThat(offsets(read(new HistoryQuery(10, null, false)))).containsExactly(1L, 2L, 3L, 4L, 5L);
		assertThat(offsets(read(new HistoryQuery(-1, null, true)))).containsExactly(5L, 4L, 3L, 2L, 1L);
	}

	@Test
	void whenLimitIsZeroOnlyTheTopIsRead() {
		StreamPosition top = publish(3);
		assertThat(read(TOP)).isEqualTo(new History(List.of(), top));
		assertThat(read(new HistoryQuery(0, new StreamPosition(1, ""), false)).publications()).isEmpty();
	}

	@Test
	void sinceIsExclusive() {
		StreamPosition top = publish(5);
		StreamPosition second = new StreamPosition(2, top.epoch());
		assertThat(offsets(read(HistoryQuery.after(second, -1)))).containsExactly(3L, 4L, 5L);
		assertThat(offsets(read(HistoryQuery.after(second, 1)))).containsExactly(3L);
		assertThat(offsets(read(new HistoryQuery(-1, second, true)))).containsExactly(1L);
		assertThat(offsets(read(new HistoryQuery(2, top, true)))).containsExactly(4L, 3L);
		assertThat(read(HistoryQuery.after(top, -1))).isEqualTo(new History(List.of(), top));
		assertThat(offsets(read(HistoryQuery.after(new StreamPosition(0, top.epoch()), 2)))).containsExactly(1L, 2L);
	}

	@Test
	void whenSinceIsInTheFutureNothingIsRead() {
		StreamPosition top = publish(2);
		StreamPosition future = new StreamPosition(Long.MAX_VALUE, top.epoch());
		assertThat(read(HistoryQuery.after(future, -1))).isEqualTo(new History(List.of(), top));
		assertThat(offsets(read(new HistoryQuery(-1, future, true)))).containsExactly(2L, 1L);
	}

	@Test
	void whenSinceHasNoEpochItFits() {
		publish(2);
		assertThat(offsets(read(HistoryQuery.after(new StreamPosition(1, ""), -1)))).containsExactly(2L);
	}

	@Test
	void whenEpochIsForeignReadingFails() {
		publish(2);
		HistoryQuery query = HistoryQuery.after(new StreamPosition(1, "foreign"), -1);
		assertThatExceptionOfType(CompletionException.class).isThrownBy(() -> read(query))
			.havingCause()
			.isInstanceOfSatisfying(RealtimeException.class,
					(ex) -> assertThat(ex.code()).isEqualTo(ErrorCode.UNRECOVERABLE_POSITION.code()).isEqualTo(112));
	}

	@Test
	void whenStreamIsNewAnyEpochIsForeign() {
		HistoryQuery query = HistoryQuery.after(new StreamPosition(0, "foreign"), 0);
		assertThatExceptionOfType(CompletionException.class).isThrownBy(() -> read(query))
			.withCauseInstanceOf(RealtimeException.class);
	}

	@Test
	void historyKeepsTheNewest() {
		RoomSettings small = RelayFixture.settings(3, RelayFixture.TIME_TO_LIVE);
		for (int i = 1; i <= 10; i++) {
			this.room.publish(Integer.toString(i), small);
		}
		History history = read(ALL, small);
		assertThat(offsets(history)).containsExactly(8L, 9L, 10L);
		assertThat(history.top().offset()).isEqualTo(10);
		assertThat(offsets(read(HistoryQuery.after(new StreamPosition(2, ""), -1), small))).containsExactly(8L, 9L,
				10L);
	}

	@Test
	void whenTooOldPublicationsAreGoneButTheTopStays() {
		RoomSettings brief = RelayFixture.settings(100, Duration.ofMillis(500));
		this.room.publish("1", brief);
		StreamPosition top = this.room.publish("2", brief);
		elapse(Duration.ofMillis(600));
		assertThat(read(ALL, brief)).isEqualTo(new History(List.of(), top));
		StreamPosition next = this.room.publish("3", brief);
		assertThat(next).isEqualTo(new StreamPosition(3, top.epoch()));
		assertThat(offsets(read(ALL, brief))).containsExactly(3L);
	}

	@Test
	void whenThereIsNoHistoryNothingIsKeptAndNoOffsetShown() {
		RoomSettings settings = RelayFixture.WITHOUT_HISTORY;
		this.room.subscribe(this.subscriber, settings);
		this.room.publish("1", settings);
		StreamPosition position = this.room.publish("2", settings);
		await().until(() -> this.subscriber.messages().size() == 2);
		assertThat(this.subscriber.publications()).extracting(Publication::offset).containsOnly(0L);
		assertThat(this.subscriber.offsets()).containsExactly(1L, 2L);
		assertThat(read(ALL, settings)).isEqualTo(new History(List.of(), position));
	}

	@Test
	void whenHistoryIsRemovedOffsetsGoOn() {
		StreamPosition top = publish(3);
		this.room.subscribe(this.subscriber, SETTINGS);
		removeHistory();
		assertThat(read(ALL)).isEqualTo(new History(List.of(), top));
		assertThat(read(HistoryQuery.after(new StreamPosition(1, top.epoch()), -1)))
			.isEqualTo(new History(List.of(), top));
		StreamPosition next = this.room.publish("4", SETTINGS);
		assertThat(next).isEqualTo(new StreamPosition(4, top.epoch()));
		assertThat(offsets(read(ALL))).containsExactly(4L);
		await().untilAsserted(() -> assertThat(this.subscriber.offsets()).containsExactly(4L));
	}

	@Test
	void whenHistoryIsRemovedIdsAreStillKnown() {
		StreamPosition first = this.room.publish("1", "id", SETTINGS);
		removeHistory();
		assertThat(this.room.publish("2", "id", SETTINGS)).isEqualTo(first);
		assertThat(read(ALL).publications()).isEmpty();
	}

	@Test
	void removingAHistoryThatIsNotThereDoesNothing() {
		removeHistory();
		assertThat(read(ALL).publications()).isEmpty();
		assertThat(this.room.publish("1", SETTINGS).offset()).isEqualTo(1);
	}

	private void removeHistory() {
		RelayFixture.get(relay().removeHistory(this.room.room(), SETTINGS));
	}

	@Test
	void whenIdIsRepeatedTheFirstPositionIsReturned() {
		this.room.subscribe(this.subscriber, SETTINGS);
		StreamPosition first = this.room.publish("1", "id", SETTINGS);
		this.room.publish("2", SETTINGS);
		assertThat(this.room.publish("3", "id", SETTINGS)).isEqualTo(first);
		assertThat(this.room.publish("4", "other", SETTINGS).offset()).isEqualTo(3);
		await().untilAsserted(() -> assertThat(this.subscriber.texts()).containsExactly("1", "2", "4"));
		assertThat(offsets(read(ALL))).containsExactly(1L, 2L, 3L);
	}

	@Test
	void whenThereIsNoHistoryIdsAreRememberedToo() {
		RoomSettings settings = RelayFixture.WITHOUT_HISTORY;
		StreamPosition first = this.room.publish("1", "id", settings);
		assertThat(this.room.publish("2", "id", settings)).isEqualTo(first);
	}

	@Test
	void idsOfRoomsAreSeparate() {
		this.room.publish("1", "id", SETTINGS);
		RelayFixture other = new RelayFixture(relay());
		other.publish("1", SETTINGS);
		assertThat(other.publish("2", "id", SETTINGS).offset()).isEqualTo(2);
	}

	@Test
	void thousandIdsAreRemembered() {
		StreamPosition first = this.room.publish("1", "id", SETTINGS);
		IntStream.range(0, 999).forEach((i) -> this.room.publish("1", "id" + i, SETTINGS));
		assertThat(this.room.publish("1", "id", SETTINGS)).isEqualTo(first);
	}

	@Test
	void whenOneIdIsPublishedByManyItIsAcceptedOnce() {
		this.room.subscribe(this.subscriber, SETTINGS);
		List<CompletableFuture<StreamPosition>> threads = new ArrayList<>();
		for (int i = 0; i < 8; i++) {
			threads.add(CompletableFuture.supplyAsync(() -> this.room.publish("1", "id", SETTINGS)));
		}
		assertThat(threads.stream().map(CompletableFuture::join).distinct()).hasSize(1);
		assertThat(this.room.publish("2", SETTINGS).offset()).isEqualTo(2);
		await().untilAsserted(() -> assertThat(this.subscriber.texts()).containsExactly("1", "2"));
	}

	@Test
	void subscribingAndThenReadingLeavesNoHole() {
		CompletableFuture<Void> publishing = CompletableFuture
			.runAsync(() -> IntStream.range(0, 1000).forEach((i) -> this.room.publish("1", SETTINGS)));
		this.room.subscribe(this.subscriber, SETTINGS);
		List<Long> offsets = new ArrayList<>(offsets(read(ALL)));
		publishing.join();
		long top = offsets.size();
		await().until(() -> top == 1000 || this.subscriber.offsets().contains(1000L));
		this.subscriber.offsets().stream().filter((offset) -> offset > top).forEach(offsets::add);
		assertThat(offsets).isEqualTo(LongStream.rangeClosed(1, 1000).boxed().toList());
	}

	private StreamPosition publish(int count) {
		StreamPosition position = StreamPosition.START;
		for (int i = 1; i <= count; i++) {
			position = this.room.publish(Integer.toString(i), SETTINGS);
		}
		return position;
	}

	private History read(HistoryQuery query) {
		return read(query, SETTINGS);
	}

	private History read(HistoryQuery query, RoomSettings settings) {
		return RelayFixture.get(relay().history(this.room.room(), settings, query));
	}

	private List<Long> offsets(History history) {
		return history.publications().stream().map(Publication::offset).toList();
	}

}
