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

package dev.realtime.core;

import java.time.Duration;
import java.util.List;

import dev.realtime.control.ControlMessage;
import dev.realtime.control.ControlMessage.Ban;
import dev.realtime.control.ControlMessage.Unban;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Bans}.
 */
class BansTests {

	private final Bans bans = new Bans(() -> 0);

	@Test
	void believesWhatIsLoaded() {
		this.bans.heard(ban("bob"));
		Bans.Missing missing = load(ban("ann"), new Unban("bob"));
		assertThat(this.bans.contains("ann")).isTrue();
		assertThat(this.bans.contains("bob")).isFalse();
		assertThat(missing.lost()).isEmpty();
		assertThat(missing.unannounced()).isEmpty();
	}

	@Test
	void whatIsHeardWhileLoadingIsNewer() {
		this.bans.heard(ban("ann"));
		this.bans.beginLoading();
		this.bans.heard(new Unban("ann"));
		this.bans.heard(ban("bob"));
		Bans.Missing missing = this.bans.merge(List.of(ban("ann"), new Unban("bob")));
		assertThat(this.bans.contains("ann")).isFalse();
		assertThat(this.bans.contains("bob")).isTrue();
		assertThat(missing.lost()).isEmpty();
	}

	@Test
	void whatIsNotThereAnyMoreIsLost() {
		this.bans.heard(ban("ann"));
		this.bans.heard(new Ban("bob", Duration.ofMinutes(1)));
		assertThat(load(ban("ann")).lost()).containsExactly(new Ban("bob", Duration.ofMinutes(1)));
		assertThat(this.bans.contains("bob")).isTrue();
	}

	@Test
	void whatCouldNotBeAnnouncedIsToBeAnnounced() {
		this.bans.announce(ban("ann"));
		Bans.Missing missing = load(new Unban("ann"));
		assertThat(missing.unannounced()).containsExactly(ban("ann"));
		assertThat(missing.lost()).isEmpty();
		assertThat(this.bans.contains("ann")).isTrue();
		this.bans.announced("ann");
		assertThat(load(new Unban("ann")).unannounced()).isEmpty();
		assertThat(this.bans.contains("ann")).isFalse();
	}

	@Test
	void whatIsLiftedElsewhereIsNotAnnouncedAnyMore() {
		this.bans.announce(ban("ann"));
		this.bans.heard(new Unban("ann"));
		assertThat(load().unannounced()).isEmpty();
		assertThat(this.bans.contains("ann")).isFalse();
	}

	private Bans.Missing load(ControlMessage.Verdict... verdicts) {
		this.bans.beginLoading();
		return this.bans.merge(List.of(verdicts));
	}

	private static Ban ban(String user) {
		return new Ban(user, null);
	}

}
