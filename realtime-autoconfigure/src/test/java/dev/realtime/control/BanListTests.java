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
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link BanList}.
 */
@ExtendWith(OutputCaptureExtension.class)
class BanListTests {

	private final AtomicLong time = new AtomicLong(Long.MAX_VALUE - 1_000_000_000L);

	private final BanList list = new BanList(3, this.time::get);

	@Test
	void bansEndByThemselvesUnlessTheyAreForGood() {
		put("ann", 2);
		this.list.put(new ControlMessage.Ban("bob", null));
		assertThat(this.list.contains("ann")).isTrue();
		assertThat(this.list.contains("bob")).isTrue();
		assertThat(this.list.contains("carl")).isFalse();
		elapse(1);
		assertThat(this.list.all()).containsExactly(new ControlMessage.Ban("ann", Duration.ofSeconds(1)),
				new ControlMessage.Ban("bob", null));
		elapse(1);
		assertThat(this.list.contains("ann")).isFalse();
		assertThat(this.list.all()).containsExactly(new ControlMessage.Ban("bob", null));
		assertThat(this.list.size()).isEqualTo(1);
	}

	@Test
	void banReplacesAnEarlierOne() {
		this.list.put(new ControlMessage.Ban("ann", null));
		put("ann", 1);
		assertThat(this.list.size()).isEqualTo(1);
		elapse(1);
		assertThat(this.list.contains("ann")).isFalse();
	}

	@Test
	void liftedBansAreGone() {
		put("ann", 1);
		this.list.remove("ann");
		this.list.remove("ann");
		assertThat(this.list.contains("ann")).isFalse();
		assertThat(this.list.size()).isZero();
	}

	@Test
	void whenFullDropsWhatEndsFirstAndWarns(CapturedOutput output) {
		put("first", 1);
		put("second", 2);
		put("third", 3);
		assertThat(output).doesNotContain("are banned");
		this.list.put(new ControlMessage.Ban("good", null));
		assertThat(this.list.contains("first")).isFalse();
		assertThat(output.toString().split("More than 3 users are banned")).hasSize(2);
		put("fourth", 4);
		assertThat(this.list.all()).extracting(ControlMessage.Ban::user).containsExactly("third", "fourth", "good");
		assertThat(output.toString().split("More than 3 users are banned")).hasSize(2);
	}

	@Test
	void whenFullWhatHasEndedGoesFirst(CapturedOutput output) {
		put("first", 1);
		put("second", 1);
		put("third", 9);
		elapse(2);
		put("fourth", 9);
		assertThat(this.list.size()).isEqualTo(2);
		assertThat(output).doesNotContain("are banned");
	}

	private void put(String user, int seconds) {
		this.list.put(new ControlMessage.Ban(user, Duration.ofSeconds(seconds)));
	}

	private void elapse(int seconds) {
		this.time.addAndGet(Duration.ofSeconds(seconds).toNanos());
	}

}
