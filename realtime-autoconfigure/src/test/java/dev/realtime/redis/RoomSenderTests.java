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

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import dev.realtime.StreamPosition;
import dev.realtime.naming.AccessRule;
import dev.realtime.naming.RoomSettings;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RoomSender}: from where on a call looks for its messages.
 */
class RoomSenderTests {

	private final RoomSender sender = new RoomSender("chat:a",
			new RoomSettings(AccessRule.ANYONE, AccessRule.ANYONE, false, 0, 10, Duration.ofHours(1), true));

	@Test
	void aFirstAttemptLooksNowhere() {
		this.sender.add(message(false), 0);
		assertThat(this.sender.take(0).since()).isEqualTo(-1);
	}

	@Test
	void anAttemptAfterOneOfUnknownOutcomeLooksBehindWhatWasAcceptedBefore() {
		acceptAndLose();
		assertThat(this.sender.take(0).since()).isEqualTo(5);
	}

	@Test
	void whatIsReplayedIsLookedForEverywhereAlsoAfterAnUnknownOutcome() {
		acceptAndLose();
		this.sender.takeAll();
		this.sender.add(message(true), 0);
		assertThat(this.sender.take(0).since()).isZero();
	}

	/** The first message becomes number 5, and of the second nobody knows. */
	private void acceptAndLose() {
		this.sender.add(message(false), 0);
		this.sender.take(0);
		this.sender.answered(1, new StreamPosition(5, "e"), RedisFailure.RETRY, 0);
		this.sender.add(message(false), 0);
		this.sender.take(0);
		this.sender.answered(0, null, RedisFailure.UNKNOWN, 0);
	}

	private static Outgoing message(boolean again) {
		return new Outgoing(Outgoing.PUBLICATION, "id", null, new byte[1], 0, again, new CompletableFuture<>());
	}

}
