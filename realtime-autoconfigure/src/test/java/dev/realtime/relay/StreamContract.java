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

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import dev.realtime.History;
import dev.realtime.HistoryQuery;
import dev.realtime.Member;
import dev.realtime.Publication;
import dev.realtime.StreamPosition;
import dev.realtime.naming.RoomSettings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What every {@link RoomRelay} that keeps histories does about the streams of rooms:
 * positions, ids, and no hole between the history and what comes live. Does not expect
 * that stages are complete when they are returned.
 */
@Timeout(60)
public abstract class StreamContract {

	private static final RoomSettings SETTINGS = RelayFixture.WITH_HISTORY;

	private final RecordingSubscriber subscriber = new RecordingSubscriber();

	private RelayFixture room;

	/**
	 * Return the relay to test.
	 * @return the relay, the same each time during a test
	 */
	protected abstract RoomRelay relay();

	@BeforeEach
	void createRoom() {
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
		assertThat(top()).isEqualTo(new StreamPosition(3, first.epoch()));
	}

	@Test
	void whenSubscribedFirstTheEpochStays() {
		StreamPosition start = this.room.subscribe(this.subscriber, SETTINGS);
		assertThat(start.offset()).isZero();
		assertThat(top()).isEqualTo(start);
		assertThat(this.room.publish("1", SETTINGS)).isEqualTo(new StreamPosition(1, start.epoch()));
	}

	@Test
	void streamsOfRoomsHaveDifferentEpochs() {
		assertThat(this.room.otherRoom().publish("1", SETTINGS).epoch())
			.isNotEqualTo(this.room.publish("1", SETTINGS).epoch());
	}

	@Test
	void whenManyPublishOffsetsHaveNoHole() {
		this.room.subscribe(this.subscriber, SETTINGS);
		Set<StreamPosition> positions = ConcurrentHashMap.newKeySet();
		RelayFixture.concurrently(4, (i) -> IntStream.range(0, 250)
			.forEach((j) -> positions.add(this.room.publish(RelayFixture.text(i, j), SETTINGS))));
		assertThat(positions).hasSize(1000);
		assertThat(positions).extracting(StreamPosition::epoch).containsOnly(positions.iterator().next().epoch());
		List<Long> offsets = offsets(1000);
		assertThat(this.room.offsets(RelayFixture.ALL, SETTINGS)).isEqualTo(offsets);
		RelayFixture.soon().untilAsserted(() -> assertThat(this.subscriber.offsets()).isEqualTo(offsets));
		assertThat(this.room.history(RelayFixture.ALL, SETTINGS).publications())
			.isEqualTo(this.subscriber.publications());
	}

	@Test
	void whatIsAcceptedIsInTheHistoryAtOnce() {
		for (int i = 1; i <= 50; i++) {
			StreamPosition position = this.room.publish("1", SETTINGS);
			assertThat(top()).isEqualTo(position);
			assertThat(this.room.offsets(HistoryQuery.newest(1), SETTINGS)).containsExactly((long) i);
		}
	}

	@Test
	void subscriberSeesTheSamePublicationAsHistory() {
		this.room.subscribe(this.subscriber, SETTINGS);
		this.room.publish("1", SETTINGS);
		this.room.publish("2", "id", SETTINGS);
		RelayFixture.soon().until(() -> this.subscriber.count() == 2);
		assertThat(this.room.history(RelayFixture.ALL, SETTINGS).publications())
			.isEqualTo(this.subscriber.publications());
	}

	@Test
	void comingAndGoingIsNotInTheHistory() {
		this.room.publish(RelayMessage.joined(this.room.room(), new Member("", "s1")), SETTINGS);
		History history = this.room.history(RelayFixture.ALL, SETTINGS);
		assertThat(history.publications()).isEmpty();
		assertThat(history.top().offset()).isZero();
	}

	@Test
	void whenThereIsNoHistoryNothingIsKeptAndNoOffsetShown() {
		RoomSettings settings = RelayFixture.WITHOUT_HISTORY;
		this.room.subscribe(this.subscriber, settings);
		this.room.publish("1", settings);
		StreamPosition position = this.room.publish("2", settings);
		RelayFixture.soon().until(() -> this.subscriber.count() == 2);
		assertThat(this.subscriber.publications()).extracting(Publication::offset).containsOnly(0L);
		assertThat(this.subscriber.offsets()).containsExactly(1L, 2L);
		assertThat(this.room.history(RelayFixture.ALL, settings)).isEqualTo(new History(List.of(), position));
	}

	@Test
	void whenIdIsRepeatedTheFirstPositionIsReturned() {
		this.room.subscribe(this.subscriber, SETTINGS);
		StreamPosition first = this.room.publish("1", "id", SETTINGS);
		this.room.publish("2", SETTINGS);
		assertThat(this.room.publish("3", "id", SETTINGS)).isEqualTo(first);
		assertThat(this.room.publish("4", "other", SETTINGS).offset()).isEqualTo(3);
		RelayFixture.soon().untilAsserted(() -> assertThat(this.subscriber.texts()).containsExactly("1", "2", "4"));
		assertThat(this.room.offsets(RelayFixture.ALL, SETTINGS)).containsExactly(1L, 2L, 3L);
	}

	@Test
	void whenIdIsRepeatedAtOnceItIsAcceptedOnce() {
		this.room.subscribe(this.subscriber, SETTINGS);
		List<CompletableFuture<StreamPosition>> stages = new ArrayList<>();
		for (int i = 0; i < 10; i++) {
			stages.add(relay().publish(this.room.message(Integer.toString(i), "id"), SETTINGS).toCompletableFuture());
		}
		this.room.publish("\"last\"", SETTINGS);
		assertThat(stages.stream().map(RelayFixture::get).distinct()).hasSize(1);
		RelayFixture.soon().untilAsserted(() -> assertThat(this.subscriber.texts()).containsExactly("0", "\"last\""));
	}

	@Test
	void whenThereIsNoHistoryIdsAreRememberedToo() {
		RoomSettings settings = RelayFixture.WITHOUT_HISTORY;
		this.room.subscribe(this.subscriber, settings);
		StreamPosition first = this.room.publish("1", "id", settings);
		assertThat(this.room.publish("2", "id", settings)).isEqualTo(first);
		this.room.publish("3", settings);
		RelayFixture.soon().untilAsserted(() -> assertThat(this.subscriber.texts()).containsExactly("1", "3"));
	}

	@Test
	void whenThePublicationIsNoLongerKeptItsIdIsRemembered() {
		RoomSettings small = RelayFixture.settings(2, RelayFixture.TIME_TO_LIVE);
		StreamPosition first = this.room.publish("1", "id", small);
		this.room.publish(5, small);
		assertThat(this.room.publish("1", "id", small)).isEqualTo(first);
		this.room.removeHistory(small);
		assertThat(this.room.publish("1", "id", small)).isEqualTo(first);
		assertThat(top().offset()).isEqualTo(6);
	}

	@Test
	void idsOfRoomsAreSeparate() {
		this.room.publish("1", "id", SETTINGS);
		RelayFixture other = this.room.otherRoom();
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
		Set<StreamPosition> positions = ConcurrentHashMap.newKeySet();
		RelayFixture.concurrently(8, (i) -> positions.add(this.room.publish("1", "id", SETTINGS)));
		assertThat(positions).hasSize(1);
		assertThat(this.room.publish("2", SETTINGS).offset()).isEqualTo(2);
		RelayFixture.soon().untilAsserted(() -> assertThat(this.subscriber.texts()).containsExactly("1", "2"));
	}

	@Test
	void whenManyIdsArePublishedByManyEachIsAcceptedOnce() {
		int ids = 100;
		this.room.subscribe(this.subscriber, SETTINGS);
		Map<String, Set<StreamPosition>> positions = new ConcurrentHashMap<>();
		RelayFixture.concurrently(4, (i) -> shuffled(ids).forEach((id) -> {
			StreamPosition position = this.room.publish("\"" + id + "\"", "id" + id, SETTINGS);
			positions.computeIfAbsent("id" + id, (key) -> ConcurrentHashMap.newKeySet()).add(position);
		}));
		assertThat(positions).hasSize(ids);
		assertThat(positions.values()).allSatisfy((same) -> assertThat(same).hasSize(1));
		RelayFixture.soon().until(() -> this.subscriber.count() >= ids);
		assertThat(this.subscriber.offsets()).isEqualTo(offsets(ids));
		assertThat(new HashSet<>(this.subscriber.texts())).hasSize(ids);
		assertThat(top().offset()).isEqualTo(ids);
	}

	@Test
	void subscribingAndThenReadingLeavesNoHole() {
		int count = 1000;
		CompletableFuture<Void> publishing = RelayFixture.inThread(() -> this.room.publish(count, SETTINGS));
		this.room.subscribe(this.subscriber, SETTINGS);
		List<Long> offsets = new ArrayList<>(this.room.offsets(RelayFixture.ALL, SETTINGS));
		publishing.join();
		long top = offsets.size();
		RelayFixture.soon().until(() -> top == count || this.subscriber.offsets().contains((long) count));
		this.subscriber.offsets().stream().filter((offset) -> offset > top).forEach(offsets::add);
		assertThat(offsets).isEqualTo(offsets(count));
	}

	@Test
	void whenSubscribersComeAndGoNoneOfThemHasAHole() {
		int count = 1000;
		CompletableFuture<Void> publishing = RelayFixture.inThread(() -> this.room.publish(count, SETTINGS));
		List<List<Long>> holes = new ArrayList<>();
		while (!publishing.isDone()) {
			RecordingSubscriber visitor = new RecordingSubscriber();
			long start = this.room.subscribe(visitor, SETTINGS).offset();
			RelayFixture.soon().until(() -> start == count || visitor.count() >= 20 || publishing.isDone());
			this.room.unsubscribe(visitor);
			List<Long> seen = visitor.offsets().stream().filter((offset) -> offset > start).toList();
			if (!seen.equals(LongStream.rangeClosed(start + 1, start + seen.size()).boxed().toList())) {
				holes.add(seen);
			}
		}
		publishing.join();
		assertThat(holes).isEmpty();
	}

	private StreamPosition top() {
		return this.room.history(RelayFixture.TOP, SETTINGS).top();
	}

	private static List<Long> offsets(int count) {
		return LongStream.rangeClosed(1, count).boxed().toList();
	}

	private static List<Integer> shuffled(int count) {
		List<Integer> numbers = new ArrayList<>(IntStream.range(0, count).boxed().toList());
		Collections.shuffle(numbers);
		return numbers;
	}

}
