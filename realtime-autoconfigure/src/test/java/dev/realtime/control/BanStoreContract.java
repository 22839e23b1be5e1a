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

package dev.realtime.control;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What every {@link BanStore} has to do.
 */
public abstract class BanStoreContract {

	private final String user = "\u00e4nn " + UUID.randomUUID();

	protected abstract BanStore store();

	@Test
	void keepsBans() {
		put(Duration.ofMinutes(1));
		assertThat(verdicts()).singleElement()
			.isInstanceOfSatisfying(ControlMessage.Ban.class,
					(ban) -> assertThat(ban.remaining()).isBetween(Duration.ofSeconds(50), Duration.ofMinutes(1)));
		put(null);
		assertThat(verdicts()).containsExactly(new ControlMessage.Ban(this.user, null));
	}

	@Test
	void remembersThatABanIsLifted() {
		put(null);
		store().remove(this.user).toCompletableFuture().join();
		assertThat(verdicts()).containsExactly(new ControlMessage.Unban(this.user));
		put(null);
		assertThat(verdicts()).containsExactly(new ControlMessage.Ban(this.user, null));
	}

	@Test
	void forgetsBansThatHaveEnded() {
		put(Duration.ofMillis(100));
		await().pollInterval(Duration.ofMillis(20)).untilAsserted(() -> assertThat(verdicts()).isEmpty());
	}

	@Test
	void restoresOnlyWhatIsNotKnown() {
		put(null);
		restore(Duration.ofMinutes(1));
		assertThat(verdicts()).containsExactly(new ControlMessage.Ban(this.user, null));
		store().remove(this.user).toCompletableFuture().join();
		restore(null);
		assertThat(verdicts()).containsExactly(new ControlMessage.Unban(this.user));
	}

	@Test
	void restoresMany() {
		List<ControlMessage.Ban> bans = IntStream.range(0, 1_234)
			.mapToObj((i) -> new ControlMessage.Ban(this.user + i, (i % 2 == 0) ? null : Duration.ofMinutes(1)))
			.toList();
		store().restore(bans).toCompletableFuture().join();
		assertThat(store().all().toCompletableFuture().join()).extracting(ControlMessage.Verdict::user)
			.containsAll(bans.stream().map(ControlMessage.Ban::user).toList());
	}

	private void put(Duration time) {
		store().put(new ControlMessage.Ban(this.user, time)).toCompletableFuture().join();
	}

	private void restore(Duration time) {
		store().restore(List.of(new ControlMessage.Ban(this.user, time))).toCompletableFuture().join();
	}

	private List<ControlMessage.Verdict> verdicts() {
		return store().all()
			.toCompletableFuture()
			.join()
			.stream()
			.filter((verdict) -> verdict.user().equals(this.user))
			.toList();
	}

}
