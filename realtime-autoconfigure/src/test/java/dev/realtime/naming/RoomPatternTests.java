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

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link RoomPattern}.
 */
class RoomPatternTests {

	@Test
	void withoutVariablesMatchesItsOwnTextOnly() {
		RoomPattern pattern = RoomPattern.of("news:all");
		assertThat(pattern.match("news:all")).isEmpty();
		for (String other : List.of("news:al", "news:alle", "news:all:", "news", "news:", "other:all", ":all", "")) {
			assertThat(pattern.match(other)).as(other).isNull();
		}
	}

	@Test
	void variableStandsForOneOrMoreCharacters() {
		RoomPattern pattern = RoomPattern.of("chat:{room}");
		assertThat(pattern.match("chat:a")).isEqualTo(Map.of("room", "a"));
		assertThat(pattern.match("chat:lobby-1.x/@")).isEqualTo(Map.of("room", "lobby-1.x/@"));
		for (String other : List.of("chat:", "chat", "chats:a", "cha:a", "CHAT:a")) {
			assertThat(pattern.match(other)).as(other).isNull();
		}
	}

	@Test
	void lastVariableStandsForFurtherColons() {
		RoomPattern pattern = RoomPattern.of("chat:{a}:{b}");
		assertThat(pattern.match("chat:1:2:3")).isEqualTo(Map.of("a", "1", "b", "2:3"));
		assertThat(pattern.match("chat:1")).isNull();
		assertThat(RoomPattern.of("chat:{a}").match("chat:1:2")).isEqualTo(Map.of("a", "1:2"));
	}

	@Test
	void severalVariables() {
		RoomPattern pattern = RoomPattern.of("game:{game}:team:{team}");
		assertThat(pattern.match("game:7:team:red")).isEqualTo(Map.of("game", "7", "team", "red"));
		for (String other : List.of("game:7:team:", "game::team:red", "game:7:teams:red", "game:7:team",
				"game:7:x:team:red", "game:7")) {
			assertThat(pattern.match(other)).as(other).isNull();
		}
	}

	@ParameterizedTest
	@CsvSource({ "chat:order-7-eu,7", "chat:order---eu,-", "chat:order-a-eu-eu,a-eu" })
	void textBeforeAndAfterAVariable(String room, String value) {
		assertThat(RoomPattern.of("chat:order-{id}-eu").match(room)).isEqualTo(Map.of("id", value));
	}

	@ParameterizedTest
	@ValueSource(strings = { "chat:order--eu", "chat:order-eu", "chat:order-7-us", "chat:xorder-7-eu",
			"chat:order-7-eu:", "chat:" })
	void textBeforeAndAfterAVariableMustBeThere(String room) {
		assertThat(RoomPattern.of("chat:order-{id}-eu").match(room)).isNull();
	}

	@Test
	void textBeforeAndAfterAVariableDoesNotOverlap() {
		RoomPattern pattern = RoomPattern.of("chat:a{x}a");
		assertThat(pattern.match("chat:a")).isNull();
		assertThat(pattern.match("chat:aa")).isNull();
		assertThat(pattern.match("chat:aaa")).isEqualTo(Map.of("x", "a"));
	}

	@Test
	void hasNamespaceVariablesAndText() {
		RoomPattern pattern = RoomPattern.of("game:{b}:x-{a}");
		assertThat(pattern.namespace()).isEqualTo("game");
		assertThat(pattern.variables()).containsExactly("b", "a");
		assertThat(pattern).hasToString("game:{b}:x-{a}");
	}

	@Test
	void expandIsTheOppositeOfMatch() {
		RoomPattern pattern = RoomPattern.of("game:{a}:x-{b}-y:z");
		String room = pattern.expand(Map.of("a", "1", "b", "2")::get);
		assertThat(room).isEqualTo("game:1:x-2-y:z");
		assertThat(pattern.match(room)).isEqualTo(Map.of("a", "1", "b", "2"));
	}

	@Test
	void specificPatternsComeFirst() {
		List<String> ordered = List.of("chat:all:{x}", "chat:all", "chat:long-{x}-name", "chat:a-{x}", "chat:{x}:{y}",
				"chat:{x}");
		for (int i = 0; i < ordered.size(); i++) {
			List<String> rotated = Stream.concat(ordered.stream().skip(i), ordered.stream().limit(i)).toList();
			assertThat(
					rotated.stream().map(RoomPattern::of).sorted(RoomPattern.BY_SPECIFICITY).map(RoomPattern::toString))
				.isEqualTo(ordered);
		}
	}

	@ParameterizedTest
	@CsvSource({ "chat:{a},chat:{b}", "chat:x-{a}-y:{b},chat:x-{c}-y:{d}", "chat:all,chat:all" })
	void patternsOfTheSameShapeAreEqual(String one, String other) {
		assertThat(RoomPattern.BY_SPECIFICITY.compare(RoomPattern.of(one), RoomPattern.of(other))).isZero();
	}

	@ParameterizedTest
	@CsvSource({ "chat:x-{a},chat:{a}-x", "chat:x-{a},chat:y-{b}", "chat:a,chat:b", "chat:{a},news:{a}" })
	void patternsOfAnotherShapeAreNot(String one, String other) {
		RoomPattern first = RoomPattern.of(one);
		RoomPattern second = RoomPattern.of(other);
		assertThat(RoomPattern.BY_SPECIFICITY.compare(first, second)).isNotZero()
			.isEqualTo(-RoomPattern.BY_SPECIFICITY.compare(second, first));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "chat", "{room}", "{space}:a", "c{x}:a", ":a", "{x}" })
	void mustBeginWithANamespace(String text) {
		assertInvalid(text, "must begin with the name of a namespace and a colon");
	}

	@ParameterizedTest
	@ValueSource(strings = { "chat:{", "chat:}", "chat:{}", "chat:}a{", "chat:{a}{b}", "chat:{a}-{b}", "chat:{{a}}",
			"chat:{a", "chat:a}", "chat:{a:b}" })
	void mustHaveWholeVariables(String text) {
		assertInvalid(text, "must have at most one {variable} between two colons");
	}

	@Test
	void mustNotHaveAVariableTwice() {
		assertInvalid("chat:{a}:{a}", "has the variable 'a' twice");
	}

	@ParameterizedTest
	@ValueSource(strings = { "chat:a b", "chat:*", "chat:\u00e9", "ch at:a", "chat:a?{x}" })
	void mustHaveCharactersOfRoomNames(String text) {
		assertInvalid(text, "has characters that no room name has");
	}

	private static void assertInvalid(String text, String reason) {
		assertThatIllegalArgumentException().isThrownBy(() -> RoomPattern.of(text))
			.withMessage("The room pattern '" + text + "' " + reason);
	}

}
