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

package dev.realtime.naming;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link RoomSettings}.
 */
class RoomSettingsTests {

	@Test
	void whenSizeIsZeroThereIsNoHistory() {
		assertThat(settings(0, 0, true).hasHistory()).isFalse();
		assertThat(settings(0, 1, true).hasHistory()).isTrue();
	}

	@Test
	void recoveryNeedsHistory() {
		assertThat(settings(0, 0, true).isRecoverable()).isFalse();
		assertThat(settings(0, 1, false).isRecoverable()).isFalse();
		assertThat(settings(0, 1, true).isRecoverable()).isTrue();
	}

	@Test
	void crowdIsMoreThanTheLimit() {
		RoomSettings settings = settings(2, 0, true);
		assertThat(settings.isCrowd(2)).isFalse();
		assertThat(settings.isCrowd(3)).isTrue();
	}

	@Test
	void whenThereIsNoLimitThereIsNoCrowd() {
		assertThat(settings(0, 0, true).isCrowd(Integer.MAX_VALUE)).isFalse();
	}

	@Test
	void whenNegativeItIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> settings(-1, 0, true));
		assertThatIllegalArgumentException().isThrownBy(() -> settings(0, -1, true));
	}

	private RoomSettings settings(int presenceLimit, int historySize, boolean recovery) {
		return new RoomSettings(AccessRule.ANYONE, AccessRule.NOBODY, true, presenceLimit, historySize,
				Duration.ofMinutes(1), recovery);
	}

}
