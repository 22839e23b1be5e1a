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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import dev.realtime.Member;
import dev.realtime.Payload;
import dev.realtime.StreamPosition;
import dev.realtime.naming.RoomSettings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What every {@link RoomRelay} does about passing things on.
 */
@Timeout(60)
abstract class RelayContract {

	private static final RoomSettings SETTINGS = RelayFixture.WITHOUT_HISTORY;

	private final RecordingSubscriber subscriber = new RecordingSubscriber();

	private RelayFixture here;

	private RelayFixture there;

	/**
	 * Return the relay to test, the same each time.
	 */
	abstract RoomRelay relay();

	/**
	 * Return the relay of another node, where there can be one.
	 */
	RoomRelay other() {
		return relay();
	}

	@BeforeEach
	void setUp() {
		this.here = new RelayFixture(relay());
		this.there = new RelayFixture(other());
	}

	@Test
	void subscriberGetsWhatIsPublished() {
		this.here.subscribe(this.subscriber, SETTINGS);
		StreamPosition position = this.here.publish("{\"a\":1}", SETTINGS);
		await().until(() -> this.subscriber.messages().size() == 1);
		RelayMessage message = this.subscriber.messages().get(0);
		assertThat(message.type()).isEqualTo(RelayMessage.Type.PUBLICATION);
		assertThat(message.room()).isEqualTo(this.here.room());
		assertThat(message.epoch()).isEqualTo(position.epoch());
		assertThat(message.offset()).isEqualTo(position.offset());
		assertThat(message.exclude()).containsExactly("s2");
		assertThat(message.member()).isNull();
		assertThat(message.publication().data()).isEqualTo(Payload.ofJson("{\"a\":1}"));
		assertThat(message.publication().data().isJson()).isTrue();
		assertThat(message.publication().info()).isEqualTo(new Member("bob", "s1"));
		assertThat(message.publication().tags()).containsOnlyKeys("k").containsValue("v");
		assertThat(message.publication().time()).isPositive();
		await().until(this.subscriber::isFlushed);
	}

	@Test
	void subscriberGetsWhatOthersPublish() {
		RecordingSubscriber remote = new RecordingSubscriber();
		RelayFixture.get(other().subscribe(this.here.room(), SETTINGS, remote));
		this.here.publish("1", SETTINGS);
		this.here.publish("2", SETTINGS);
		await().untilAsserted(() -> assertThat(remote.texts()).containsExactly("1", "2"));
	}

	@Test
	void subscriberLearnsWhoComesAndGoes() {
		this.here.subscribe(this.subscriber, SETTINGS);
		Member member = new Member("bob", "s1", Payload.ofJson("1"), Payload.ofJson("{\"a\":[]}"));
		RelayFixture.get(relay().publish(RelayMessage.joined(this.here.room(), member), SETTINGS));
		RelayFixture.get(relay().publish(RelayMessage.left(this.here.room(), member), SETTINGS));
		await().until(() -> this.subscriber.messages().size() == 2);
		assertThat(this.subscriber.messages()).extracting(RelayMessage::type)
			.containsExactly(RelayMessage.Type.JOIN, RelayMessage.Type.LEAVE);
		assertThat(this.subscriber.messages()).extracting(RelayMessage::member).containsOnly(member);
		assertThat(this.subscriber.offsets()).containsOnly(0L);
		await().until(this.subscriber::isFlushed);
	}

	@Test
	void comingAndGoingTakesNoOffset() {
		StreamPosition first = this.here.publish("1", SETTINGS);
		RelayFixture.get(relay().publish(RelayMessage.joined(this.here.room(), new Member("", "s1")), SETTINGS));
		assertThat(this.here.publish("2", SETTINGS)).isEqualTo(new StreamPosition(first.offset() + 1, first.epoch()));
	}

	@Test
	void roomsAreSeparate() {
		this.here.subscribe(this.subscriber, SETTINGS);
		this.there.publish("1", SETTINGS);
		this.here.publish("2", SETTINGS);
		await().untilAsserted(() -> assertThat(this.subscriber.texts()).containsExactly("2"));
	}

	@Test
	void whenUnsubscribedNothingMoreComes() {
		this.here.subscribe(this.subscriber, SETTINGS);
		this.here.publish("1", SETTINGS);
		await().until(() -> this.subscriber.messages().size() == 1);
		relay().unsubscribe(this.here.room(), this.subscriber);
		this.here.publish("2", SETTINGS);
		RecordingSubscriber next = new RecordingSubscriber();
		this.here.subscribe(next, SETTINGS);
		this.here.publish("3", SETTINGS);
		await().untilAsserted(() -> assertThat(next.texts()).endsWith("3"));
		assertThat(this.subscriber.texts()).containsExactly("1");
	}

	@Test
	void whenSomebodyElseUnsubscribesTheSubscriberStays() {
		this.here.subscribe(this.subscriber, SETTINGS);
		relay().unsubscribe(this.here.room(), new RecordingSubscriber());
		relay().unsubscribe("chat:nobody-was-here", this.subscriber);
		this.here.publish("1", SETTINGS);
		await().untilAsserted(() -> assertThat(this.subscriber.texts()).containsExactly("1"));
	}

	@Test
	void whenSubscribedAgainPositionAndEpochGoOn() {
		StreamPosition start = this.here.subscribe(this.subscriber, SETTINGS);
		assertThat(start.offset()).isZero();
		assertThat(start.epoch()).isNotEmpty();
		this.here.publish("1", SETTINGS);
		relay().unsubscribe(this.here.room(), this.subscriber);
		StreamPosition second = this.here.publish("2", SETTINGS);
		assertThat(this.here.subscribe(this.subscriber, SETTINGS)).isEqualTo(second)
			.isEqualTo(new StreamPosition(2, start.epoch()));
	}

	@Test
	void orderOfEachPublisherIsKept() {
		this.here.subscribe(this.subscriber, SETTINGS);
		int publishers = 4;
		int each = 500;
		List<CompletableFuture<Void>> threads = new ArrayList<>();
		for (int i = 0; i < publishers; i++) {
			int publisher = i;
			threads.add(CompletableFuture.runAsync(() -> publish(publisher, each)));
		}
		CompletableFuture.allOf(threads.toArray(CompletableFuture[]::new)).join();
		await().until(() -> this.subscriber.messages().size() == publishers * each);
		for (int i = 0; i < publishers; i++) {
			String prefix = i + "0";
			assertThat(this.subscriber.texts().stream().filter((text) -> text.startsWith(prefix, 1)).toList())
				.isEqualTo(IntStream.range(0, each).mapToObj((j) -> "\"" + prefix + "-" + j + "\"").toList());
		}
		assertThat(this.subscriber.offsets()).isEqualTo(LongStream.rangeClosed(1, publishers * each).boxed().toList());
		await().until(this.subscriber::isFlushed);
	}

	private void publish(int publisher, int count) {
		List<CompletionStage<StreamPosition>> stages = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			stages.add(this.here.publishLater("\"" + publisher + "0-" + i + "\"", SETTINGS));
		}
		stages.forEach(RelayFixture::get);
	}

	@Test
	void subscriberGetsEverythingAcceptedAfterItsPosition() throws Exception {
		int count = 2000;
		CountDownLatch started = new CountDownLatch(100);
		CompletableFuture<Void> publishing = CompletableFuture.runAsync(() -> {
			for (int i = 0; i < count; i++) {
				this.here.publish("1", SETTINGS);
				started.countDown();
			}
		});
		started.await();
		StreamPosition position = this.here.subscribe(this.subscriber, SETTINGS);
		publishing.join();
		await().until(() -> position.offset() == count || this.subscriber.offsets().contains((long) count));
		assertThat(position.offset()).isPositive();
		assertThat(this.subscriber.offsets().stream().filter((offset) -> offset > position.offset()).toList())
			.isEqualTo(LongStream.rangeClosed(position.offset() + 1, count).boxed().toList());
	}

}
