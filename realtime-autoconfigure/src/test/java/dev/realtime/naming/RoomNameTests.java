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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RoomName}.
 */
class RoomNameTests {

	@ParameterizedTest
	@ValueSource(strings = { "a", "chat:1", "Chat_2.b:c@d$e#f/g=h+i-j", ":", "0", "::" })
	void acceptsTheGrammar(String name) {
		assertThat(RoomName.isValid(name)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "a b", "a\n", "a\u0000", "a\u007f", "caf\u00e9", "\ud83d\ude00", "a*", "a?",
			"a[b]", "{a}", "a,b", "a;b", "a\"b", "a'b", "a\\b", "a!", "a%", "a&b", "a(b)", "a<b>", "a^b", "a`b", "a|b",
			"a~b" })
	void refusesOtherCharacters(String name) {
		assertThat(RoomName.isValid(name)).isFalse();
	}

	@Test
	void acceptsSeventyTwoCharacters() {
		int accepted = 0;
		for (char c = 0; c < Character.MAX_VALUE; c++) {
			accepted += RoomName.isValid(String.valueOf(c)) ? 1 : 0;
		}
		assertThat(accepted).isEqualTo(72);
	}

	@Test
	void whenNameIsTooLongItIsRefused() {
		assertThat(RoomName.isValid("a".repeat(255))).isTrue();
		assertThat(RoomName.isValid("a".repeat(256))).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "chat:1,chat", "chat:1:2,chat", "chat:,chat", "a:b,a", "a.b:c,a.b" })
	void namespaceIsBeforeTheFirstColon(String name, String namespace) {
		assertThat(RoomName.namespace(name)).isEqualTo(namespace);
	}

	@ParameterizedTest
	@ValueSource(strings = { "chat", ":1", "", ":" })
	void whenNothingIsBeforeAColonThereIsNoNamespace(String name) {
		assertThat(RoomName.namespace(name)).isNull();
	}

}
