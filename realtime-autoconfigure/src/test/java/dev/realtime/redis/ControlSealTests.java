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

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ControlSeal}.
 */
class ControlSealTests {

	private final ControlSeal seal = new ControlSeal("key", null);

	@Test
	void whatIsClosedCanBeOpened() {
		assertThat(this.seal.open(this.seal.close(bytes("hello")))).isEqualTo(bytes("hello"));
		assertThat(this.seal.open(this.seal.close(new byte[0]))).isEmpty();
		assertThat(new ControlSeal("key", null).open(this.seal.close(bytes("hello")))).isEqualTo(bytes("hello"));
	}

	@Test
	void whatIsChangedOrOfAnotherKeyCannot() {
		byte[] message = this.seal.close(bytes("hello"));
		for (int i = 0; i < message.length; i++) {
			byte[] changed = message.clone();
			changed[i] ^= 1;
			assertThat(this.seal.open(changed)).as("byte " + i).isNull();
			assertThat(this.seal.open(Arrays.copyOf(message, i))).as("length " + i).isNull();
		}
		assertThat(new ControlSeal("other", null).open(message)).isNull();
	}

	@Test
	void whatIsSealedWithASecretCanOnlyBeOpenedWithIt() {
		byte[] message = new ControlSeal("key", "secret").close(bytes("hello"));
		assertThat(new ControlSeal("key", "secret").open(message)).isEqualTo(bytes("hello"));
		assertThat(this.seal.open(message)).isNull();
		assertThat(new ControlSeal("key", "terces").open(message)).isNull();
		assertThat(new ControlSeal("other", "secret").open(message)).isNull();
		assertThat(new ControlSeal("key", "secret").open(this.seal.close(bytes("hello")))).isNull();
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
