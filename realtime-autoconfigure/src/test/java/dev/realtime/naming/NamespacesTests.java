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
import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Namespaces}.
 */
class NamespacesTests {

	private static final RoomSettings CHAT = new RoomSettings(AccessRule.ANYONE, AccessRule.NOBODY, true, 0, 0,
			Duration.ofMinutes(1), false);

	@Test
	void findsTheSettingsOfTheNamespace() {
		Namespaces namespaces = new Namespaces(Map.of("chat", CHAT));
		assertThat(namespaces.find("chat:1:2")).isSameAs(CHAT);
		assertThat(namespaces.names()).containsExactly("chat");
	}

	@Test
	void whenNamespaceIsUnknownOrMissingThereAreNoSettings() {
		Namespaces namespaces = new Namespaces(Map.of("chat", CHAT));
		assertThat(namespaces.find("news:1")).isNull();
		assertThat(namespaces.find("chat")).isNull();
		assertThat(namespaces.find(":chat")).isNull();
		assertThat(namespaces.find("")).isNull();
	}

	@Test
	void whenTheMapChangesTheNamespacesDoNot() {
		Map<String, RoomSettings> map = new HashMap<>(Map.of("chat", CHAT));
		Namespaces namespaces = new Namespaces(map);
		map.clear();
		assertThat(namespaces.find("chat:1")).isSameAs(CHAT);
	}

}
