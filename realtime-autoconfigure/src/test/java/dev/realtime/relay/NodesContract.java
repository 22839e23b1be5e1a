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
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import dev.realtime.History;
import dev.realtime.HistoryQuery;
import dev.realtime.Member;
import dev.realtime.StreamPosition;
import dev.realtime.naming.RoomSettings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What every {@link RoomRelay} that joins nodes and keeps histories does between two of
 * them.
 */
@Timeout(60)
public abstract class NodesContract {

	private static final RoomSettings SETTINGS = RelayFixture.WITH_HISTORY;

	private final RecordingSubscriber here = new RecordingSubscriber();

	private final RecordingSubscriber there = new RecordingSubscriber();

	private RelayFixture first;

	private RelayFixture second;

	/**
	 * Return the relay of a node.
	 * @param index the number of the node, 0 or 1
	 * @return the relay, the same each time during a test, joined to the same broker as
	 * the other one
	 */
	protected abstract RoomRelay node(int index);

	@BeforeEach
	void createRoom() {
		this.first = new RelayFixture(this::node);
		this.second = this.first.node(1);
	}

	@Test
	void subscribersOfBothNodesGetWhatOnePublishes() {
		StreamPosition start = this.first.subscribe(this.here, SETTINGS);
		assertThat(this.second.subscribe(this.there, SETTINGS)).isEqualTo(start);
		this.first.publish("1", SETTINGS);
		this.second.publish("2", SETTINGS);
		RelayFixture.soon().untilAsserted(() -> assertThat(this.here.texts()).containsExactly("1", "2"));
		RelayFixture.soon().untilAsserted(() -> assertThat(this.there.texts()).containsExactly("1", "2"));
		assertThat(this.there.messages()).isEqualTo(this.here.messages());
		RelayFixture.soon().until(() -> this.here.isFlushed() && this.there.isFlushed());
	}

	@Test
	void whenThereIsNoHistorySubscribersOfBothNodesGetItToo() {
		RoomSettings settings = RelayFixture.WITHOUT_HISTORY;
		this.second.subscribe(this.there, settings);
		List<StreamPosition> positions = this.first.publishAs(0, 100, settings);
		RelayFixture.soon().until(() -> this.there.count() >= 100);
		assertThat(this.there.texts())
			.isEqualTo(IntStream.range(0, 100).mapToObj((i) -> RelayFixture.text(0, i)).toList());
		assertThat(this.there.messages()
			.stream()
			.map((message) -> new StreamPosition(message.offset(), message.epoch()))
			.toList()).isEqualTo(positions);
	}

	@Test
	void subscribersOfTheOtherNodeLearnWhoComesAndGoes() {
		Member member = new Member("bob", "s1");
		this.second.subscribe(this.there, SETTINGS);
		this.first.publish(RelayMessage.joined(this.first.room(), member), SETTINGS);
		this.first.publish(RelayMessage.left(this.first.room(), member), SETTINGS);
		RelayFixture.soon()
			.untilAsserted(() -> assertThat(this.there.messages()).extracting(RelayMessage::type)
				.containsExactly(RelayMessage.Type.JOIN, RelayMessage.Type.LEAVE));
	}

	@Test
	void whenBothNodesPublishAllSubscribersSeeOneOrder() {
		int each = 300;
		this.first.subscribe(this.here, SETTINGS);
		this.second.subscribe(this.there, SETTINGS);
		RelayFixture.concurrently(4, (i) -> this.first.node(i % 2).publishAs(i, each, SETTINGS));
		RelayFixture.soon().until(() -> this.here.count() >= 4 * each && this.there.count() >= 4 * each);
		assertThat(this.here.offsets()).isEqualTo(offsets(1, 4 * each));
		assertThat(this.there.messages()).isEqualTo(this.here.messages());
		assertThat(this.second.history(RelayFixture.ALL, SETTINGS).publications()).isEqualTo(this.here.publications());
		for (int i = 0; i < 4; i++) {
			int publisher = i;
			assertThat(this.there.texts().stream().filter((text) -> text.startsWith("\"" + publisher + "-")).toList())
				.isEqualTo(IntStream.range(0, each).mapToObj((j) -> RelayFixture.text(publisher, j)).toList());
		}
	}

	@Test
	void whenBothNodesUseARoomFirstItHasOneEpoch() {
		List<RelayFixture> rooms = Stream.generate(this.first::otherRoom).limit(30).toList();
		List<Set<String>> epochs = rooms.stream()
			.map((room) -> (Set<String>) ConcurrentHashMap.<String>newKeySet())
			.toList();
		RelayFixture.concurrently(2, (node) -> {
			for (int i = 0; i < rooms.size(); i++) {
				RelayFixture room = rooms.get(i).node(node);
				epochs.get(i).add(room.subscribe(new RecordingSubscriber(), SETTINGS).epoch());
				epochs.get(i).add(room.publish("1", SETTINGS).epoch());
			}
		});
		assertThat(epochs).allSatisfy((same) -> assertThat(same).hasSize(1));
	}

	@Test
	void whenOneNodeHasPublishedTheOtherKnowsAtOnce() {
		StreamPosition top = this.first.publish(3, SETTINGS);
		assertThat(this.second.subscribe(this.there, SETTINGS)).isEqualTo(top);
		StreamPosition next = this.first.publish("4", SETTINGS);
		History history = this.second.history(HistoryQuery.after(top, -1), SETTINGS);
		assertThat(history.top()).isEqualTo(next);
		assertThat(history.publications()).hasSize(1);
	}

	@Test
	void whenIdIsRepeatedOnTheOtherNodeTheFirstPositionIsReturned() {
		StreamPosition position = this.first.publish("1", "id", SETTINGS);
		this.first.publish("2", SETTINGS);
		assertThat(this.second.publish("3", "id", SETTINGS)).isEqualTo(position);
		assertThat(this.second.offsets(RelayFixture.ALL, SETTINGS)).containsExactly(1L, 2L);
	}

	@Test
	void whenIdsArePublishedByBothNodesAtOnceEachIsAcceptedOnce() {
		int ids = 100;
		this.first.subscribe(this.here, SETTINGS);
		List<Set<StreamPosition>> positions = IntStream.range(0, ids)
			.mapToObj((i) -> (Set<StreamPosition>) ConcurrentHashMap.<StreamPosition>newKeySet())
			.toList();
		RelayFixture.concurrently(4, (i) -> {
			for (int id = 0; id < ids; id++) {
				positions.get(id).add(this.first.node(i % 2).publish(Integer.toString(id), "id" + id, SETTINGS));
			}
		});
		assertThat(positions).allSatisfy((same) -> assertThat(same).hasSize(1));
		RelayFixture.soon().until(() -> this.here.count() >= ids);
		assertThat(this.here.offsets()).isEqualTo(offsets(1, ids));
		assertThat(this.here.texts()).doesNotHaveDuplicates();
	}

	@Test
	void whenOneNodeUnsubscribesTheOtherStays() {
		this.first.subscribe(this.here, SETTINGS);
		this.second.subscribe(this.there, SETTINGS);
		this.first.unsubscribe(this.here);
		this.second.publish("1", SETTINGS);
		RelayFixture.soon().untilAsserted(() -> assertThat(this.there.texts()).containsExactly("1"));
		assertThat(this.here.messages()).isEmpty();
	}

	@Test
	void whenSubscribersComeAndGoOnOneNodeTheOtherMissesNothing() {
		int count = 500;
		this.second.subscribe(this.there, SETTINGS);
		CompletableFuture<Void> churn = RelayFixture.inThread(() -> {
			for (int i = 0; i < 100; i++) {
				RecordingSubscriber visitor = new RecordingSubscriber();
				this.first.subscribe(visitor, SETTINGS);
				this.first.unsubscribe(visitor);
			}
		});
		this.first.publish(count, SETTINGS);
		churn.join();
		RelayFixture.soon().until(() -> this.there.count() >= count);
		assertThat(this.there.offsets()).isEqualTo(offsets(1, count));
	}

	@Test
	void subscribingAndThenReadingOnTheOtherNodeLeavesNoHole() {
		int count = 1000;
		CompletableFuture<Void> publishing = RelayFixture.inThread(() -> this.first.publish(count, SETTINGS));
		this.second.subscribe(this.there, SETTINGS);
		List<Long> offsets = new ArrayList<>(this.second.offsets(RelayFixture.ALL, SETTINGS));
		publishing.join();
		long top = offsets.size();
		RelayFixture.soon().until(() -> top == count || this.there.offsets().contains((long) count));
		this.there.offsets().stream().filter((offset) -> offset > top).forEach(offsets::add);
		assertThat(offsets).isEqualTo(offsets(1, count));
	}

	@Test
	void whenOneNodeRemovesTheHistoryItIsGoneOnTheOther() {
		StreamPosition top = this.first.publish(3, SETTINGS);
		this.second.removeHistory(SETTINGS);
		assertThat(this.first.history(RelayFixture.ALL, SETTINGS)).isEqualTo(new History(List.of(), top));
		assertThat(this.second.publish("4", SETTINGS)).isEqualTo(new StreamPosition(4, top.epoch()));
	}

	private static List<Long> offsets(long from, long to) {
		return LongStream.rangeClosed(from, to).boxed().toList();
	}

}
