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

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import dev.realtime.Member;
import dev.realtime.Payload;
import dev.realtime.Publication;
import dev.realtime.StreamPosition;
import dev.realtime.naming.RoomSettings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What every {@link RoomRelay} does about passing things on. Does not expect that stages
 * are complete when they are returned.
 */
@Timeout(60)
public abstract class RelayContract {

	private static final RoomSettings SETTINGS = RelayFixture.WITHOUT_HISTORY;

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
	void subscriberGetsWhatIsPublished() {
		this.room.subscribe(this.subscriber, SETTINGS);
		StreamPosition position = this.room.publish("{\"a\":1}", SETTINGS);
		RelayMessage message = first();
		assertThat(message.type()).isEqualTo(RelayMessage.Type.PUBLICATION);
		assertThat(message.room()).isEqualTo(this.room.room());
		assertThat(message.epoch()).isEqualTo(position.epoch());
		assertThat(message.offset()).isEqualTo(position.offset());
		assertThat(message.exclude()).containsExactly("s2");
		assertThat(message.conflationKey()).isNull();
		assertThat(message.member()).isNull();
		assertThat(message.publication().data()).isEqualTo(Payload.ofJson("{\"a\":1}"));
		assertThat(message.publication().info()).isEqualTo(new Member("bob", "s1"));
		assertThat(message.publication().tags()).containsOnlyKeys("k").containsValue("v");
		assertThat(message.publication().time()).isPositive();
		RelayFixture.soon().until(this.subscriber::isFlushed);
	}

	@Test
	void everythingThatTravelsWithAPublicationSurvives() {
		Member member = new Member("b\u00f6b \ud83d\ude00", "s1", Payload.ofJson("{\"a\":[1]}"),
				Payload.ofBytes(new byte[] { 0, -1 }));
		Map<String, String> tags = Map.of("k", "v", "empty", "", "\u00e9:\n", "\ud83d\ude00 x");
		Publication publication = new Publication(Payload.ofJson("1"), 0, member, tags, 0);
		Set<String> exclude = Set.of("s1", "s2", "s3");
		this.room.subscribe(this.subscriber, SETTINGS);
		this.room.publish(RelayMessage.publication(this.room.room(), publication, "id-1", exclude, "key \u00e9"),
				SETTINGS);
		RelayMessage message = first();
		assertThat(message.id()).isEqualTo("id-1");
		assertThat(message.exclude()).isEqualTo(exclude);
		assertThat(message.conflationKey()).isEqualTo("key \u00e9");
		assertThat(message.publication().tags()).isEqualTo(tags);
		Member info = message.publication().info();
		assertThat(info).isEqualTo(member);
		assertThat(info.roomInfo().isJson()).isFalse();
	}

	@Test
	void whatDoesNotTravelWithAPublicationIsNotThere() {
		this.room.subscribe(this.subscriber, SETTINGS);
		this.room.publish(this.room.message(Payload.ofJson("1")), SETTINGS);
		RelayMessage message = first();
		assertThat(message.publication().info()).isNull();
		assertThat(message.publication().tags()).isEmpty();
		assertThat(message.exclude()).isEmpty();
		assertThat(message.conflationKey()).isNull();
		assertThat(message.member()).isNull();
	}

	@Test
	void whenPayloadIsNotJsonItsBytesSurvive() {
		byte[] bytes = new byte[256];
		IntStream.range(0, bytes.length).forEach((i) -> bytes[i] = (byte) i);
		this.room.subscribe(this.subscriber, SETTINGS);
		this.room.publish(this.room.message(Payload.ofBytes(bytes)), SETTINGS);
		this.room.publish(this.room.message(Payload.EMPTY), SETTINGS);
		this.room.publish(this.room.message(Payload.ofJson("null")), SETTINGS);
		RelayFixture.soon().until(() -> this.subscriber.count() == 3);
		List<Payload> payloads = this.subscriber.publications().stream().map(Publication::data).toList();
		assertThat(payloads).containsExactly(Payload.ofBytes(bytes), Payload.EMPTY, Payload.ofJson("null"));
		// whether a relay's JSON still counts as known to be JSON is its own decision
		assertThat(payloads.subList(0, 2)).extracting(Payload::isJson).containsOnly(false);
	}

	@Test
	void bigPayloadsSurvive() {
		this.room.subscribe(this.subscriber, SETTINGS);
		List<String> texts = IntStream.range(0, 20).mapToObj((i) -> "\"" + i + "x".repeat(60_000) + "\"").toList();
		List<CompletionStage<StreamPosition>> stages = texts.stream()
			.map((text) -> this.room.publishLater(text, SETTINGS))
			.toList();
		stages.forEach(RelayFixture::get);
		RelayFixture.soon().until(() -> this.subscriber.count() == texts.size());
		assertThat(this.subscriber.texts().equals(texts)).isTrue();
	}

	@Test
	void subscriberLearnsWhoComesAndGoes() {
		this.room.subscribe(this.subscriber, SETTINGS);
		Member member = new Member("bob", "s1", Payload.ofJson("1"), Payload.ofJson("{\"a\":[]}"));
		this.room.publish(RelayMessage.joined(this.room.room(), member), SETTINGS);
		this.room.publish(RelayMessage.left(this.room.room(), member), SETTINGS);
		RelayFixture.soon().until(() -> this.subscriber.count() == 2);
		assertThat(this.subscriber.messages()).extracting(RelayMessage::type)
			.containsExactly(RelayMessage.Type.JOIN, RelayMessage.Type.LEAVE);
		assertThat(this.subscriber.messages()).extracting(RelayMessage::member).containsOnly(member);
		assertThat(this.subscriber.offsets()).containsOnly(0L);
		RelayFixture.soon().until(this.subscriber::isFlushed);
	}

	@Test
	void comingAndGoingTakesNoOffset() {
		StreamPosition first = this.room.publish("1", SETTINGS);
		this.room.publish(RelayMessage.joined(this.room.room(), new Member("", "s1")), SETTINGS);
		assertThat(this.room.publish("2", SETTINGS)).isEqualTo(new StreamPosition(first.offset() + 1, first.epoch()));
	}

	@Test
	void roomsAreSeparate() {
		this.room.subscribe(this.subscriber, SETTINGS);
		this.room.otherRoom().publish("1", SETTINGS);
		this.room.publish("2", SETTINGS);
		RelayFixture.soon().untilAsserted(() -> assertThat(this.subscriber.texts()).containsExactly("2"));
	}

	@Test
	void whenManyRoomsAreBusyTheyDoNotMix() {
		int count = 50;
		List<RelayFixture> rooms = Stream.generate(this.room::otherRoom).limit(8).toList();
		List<RecordingSubscriber> subscribers = rooms.stream().map((busy) -> {
			RecordingSubscriber recorder = new RecordingSubscriber();
			busy.subscribe(recorder, SETTINGS);
			return recorder;
		}).toList();
		RelayFixture.concurrently(rooms.size(), (i) -> rooms.get(i).publishAs(i, count, SETTINGS));
		for (int i = 0; i < rooms.size(); i++) {
			RecordingSubscriber recorder = subscribers.get(i);
			RelayFixture.soon().until(() -> recorder.count() >= count);
			assertThat(recorder.texts()).isEqualTo(texts(i, count));
			assertThat(recorder.offsets()).isEqualTo(offsets(1, count));
		}
	}

	@Test
	void whenPublishedBeforeSubscribingReturnsTheTopAndOnlyTheNextCome() {
		StreamPosition top = this.room.publish(3, SETTINGS);
		assertThat(this.room.subscribe(this.subscriber, SETTINGS)).isEqualTo(top);
		this.room.publish("4", SETTINGS);
		RelayFixture.soon().untilAsserted(() -> assertThat(this.subscriber.texts()).endsWith("4"));
		assertThat(this.subscriber.offsets().stream().filter((offset) -> offset > top.offset())).containsExactly(4L);
	}

	@Test
	void whenUnsubscribedNothingMoreComes() {
		this.room.subscribe(this.subscriber, SETTINGS);
		this.room.publish("1", SETTINGS);
		RelayFixture.soon().until(() -> this.subscriber.count() == 1);
		this.room.unsubscribe(this.subscriber);
		this.room.publish("2", SETTINGS);
		RecordingSubscriber next = new RecordingSubscriber();
		this.room.subscribe(next, SETTINGS);
		this.room.publish("3", SETTINGS);
		RelayFixture.soon().untilAsserted(() -> assertThat(next.texts()).endsWith("3"));
		assertThat(this.subscriber.texts()).containsExactly("1");
	}

	@Test
	void whenSomebodyElseUnsubscribesTheSubscriberStays() {
		this.room.subscribe(this.subscriber, SETTINGS);
		this.room.unsubscribe(new RecordingSubscriber());
		relay().unsubscribe("chat:nobody-was-here", this.subscriber);
		this.room.publish("1", SETTINGS);
		RelayFixture.soon().untilAsserted(() -> assertThat(this.subscriber.texts()).containsExactly("1"));
	}

	@Test
	void whenSubscribedAgainPositionAndEpochGoOn() {
		StreamPosition start = this.room.subscribe(this.subscriber, SETTINGS);
		assertThat(start.offset()).isZero();
		assertThat(start.epoch()).isNotEmpty();
		this.room.publish("1", SETTINGS);
		this.room.unsubscribe(this.subscriber);
		StreamPosition second = this.room.publish("2", SETTINGS);
		assertThat(this.room.subscribe(this.subscriber, SETTINGS)).isEqualTo(second)
			.isEqualTo(new StreamPosition(2, start.epoch()));
	}

	@Test
	void whenSubscribedAgainBeforeTheFirstTimeIsDoneOnlyTheLastSubscriberGetsIt() {
		for (int i = 1; i <= 50; i++) {
			RecordingSubscriber first = new RecordingSubscriber();
			RecordingSubscriber second = new RecordingSubscriber();
			CompletionStage<StreamPosition> superseded = this.room.subscribeLater(first, SETTINGS);
			this.room.unsubscribe(first);
			assertThat(this.room.subscribe(second, SETTINGS).offset()).isEqualTo(i - 1);
			// it may fail or not, but whoever waits for it must not wait for ever
			RelayFixture.soon().until(() -> superseded.toCompletableFuture().isDone());
			this.room.publish("1", SETTINGS);
			long offset = i;
			RelayFixture.soon().untilAsserted(() -> assertThat(second.offsets()).containsExactly(offset));
			assertThat(first.messages()).isEmpty();
			this.room.unsubscribe(second);
		}
	}

	@Test
	void whenSubscribedAgainAtOnceTheSameSubscriberMissesNothing() {
		this.room.subscribe(this.subscriber, SETTINGS);
		for (int i = 1; i <= 50; i++) {
			this.room.unsubscribe(this.subscriber);
			StreamPosition position = this.room.subscribe(this.subscriber, SETTINGS);
			assertThat(position.offset()).isEqualTo(i - 1);
			this.room.publish("1", SETTINGS);
			List<Long> expected = offsets(1, i);
			RelayFixture.soon().untilAsserted(() -> assertThat(this.subscriber.offsets()).isEqualTo(expected));
		}
	}

	@Test
	void whenOthersComeAndGoInOtherRoomsTheSubscriberMissesNothing() {
		int count = 500;
		this.room.subscribe(this.subscriber, SETTINGS);
		CompletableFuture<Void> churn = RelayFixture.inThread(() -> {
			for (int i = 0; i < 100; i++) {
				RelayFixture other = this.room.otherRoom();
				RecordingSubscriber visitor = new RecordingSubscriber();
				other.subscribe(visitor, SETTINGS);
				other.unsubscribe(visitor);
			}
		});
		this.room.publishAs(0, count, SETTINGS);
		churn.join();
		RelayFixture.soon().until(() -> this.subscriber.count() >= count);
		assertThat(this.subscriber.offsets()).isEqualTo(offsets(1, count));
	}

	@Test
	void orderOfEachPublisherIsKept() {
		this.room.subscribe(this.subscriber, SETTINGS);
		int publishers = 4;
		int each = 500;
		RelayFixture.concurrently(publishers, (i) -> this.room.publishAs(i, each, SETTINGS));
		RelayFixture.soon().until(() -> this.subscriber.count() >= publishers * each);
		for (int i = 0; i < publishers; i++) {
			String prefix = "\"" + i + "-";
			assertThat(this.subscriber.texts().stream().filter((text) -> text.startsWith(prefix)).toList())
				.isEqualTo(texts(i, each));
		}
		assertThat(this.subscriber.offsets()).isEqualTo(offsets(1, publishers * each));
		RelayFixture.soon().until(this.subscriber::isFlushed);
	}

	@Test
	void publisherLearnsThePositionsThatSubscribersSee() {
		this.room.subscribe(this.subscriber, SETTINGS);
		List<StreamPosition> positions = this.room.publishAs(0, 200, SETTINGS);
		RelayFixture.soon().until(() -> this.subscriber.count() >= 200);
		assertThat(this.subscriber.messages()
			.stream()
			.map((message) -> new StreamPosition(message.offset(), message.epoch()))
			.toList()).isEqualTo(positions);
	}

	@Test
	void subscriberGetsEverythingAcceptedAfterItsPosition() throws Exception {
		int count = 2000;
		CountDownLatch started = new CountDownLatch(100);
		CompletableFuture<Void> publishing = RelayFixture.inThread(() -> {
			for (int i = 0; i < count; i++) {
				this.room.publish("1", SETTINGS);
				started.countDown();
			}
		});
		assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
		StreamPosition position = this.room.subscribe(this.subscriber, SETTINGS);
		publishing.join();
		RelayFixture.soon().until(() -> position.offset() == count || this.subscriber.offsets().contains((long) count));
		assertThat(position.offset()).isPositive();
		assertThat(this.subscriber.offsets().stream().filter((offset) -> offset > position.offset()).toList())
			.isEqualTo(offsets(position.offset() + 1, count));
	}

	private RelayMessage first() {
		RelayFixture.soon().until(() -> this.subscriber.count() == 1);
		return this.subscriber.messages().get(0);
	}

	private static List<String> texts(int publisher, int count) {
		return IntStream.range(0, count).mapToObj((i) -> RelayFixture.text(publisher, i)).toList();
	}

	private static List<Long> offsets(long first, long last) {
		return LongStream.rangeClosed(first, last).boxed().toList();
	}

}
