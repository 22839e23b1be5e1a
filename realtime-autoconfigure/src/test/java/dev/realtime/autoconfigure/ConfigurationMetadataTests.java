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

package dev.realtime.autoconfigure;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import org.junit.jupiter.api.Test;

import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that editors can explain every property.
 */
class ConfigurationMetadataTests {

	@Test
	void everyPropertyHasADescription() {
		List<RealtimeMetadata.Property> properties = RealtimeMetadata.properties();
		assertThat(properties).hasSizeGreaterThan(30);
		assertThat(properties)
			.allSatisfy((property) -> assertThat(property.description()).as(property.name()).endsWith("."));
	}

	@Test
	void noDescriptionRepeatsTheDefault() {
		assertThat(RealtimeMetadata.properties())
			.allSatisfy((property) -> assertThat(property.description()).as(property.name())
				.doesNotContainIgnoringCase("default"));
	}

	@Test
	void noPropertyIsDeprecated() {
		assertThat(RealtimeMetadata.properties()).noneMatch(RealtimeMetadata.Property::deprecated);
	}

	@Test
	void everyHintIsForAProperty() {
		List<String> names = RealtimeMetadata.properties().stream().map(RealtimeMetadata.Property::name).toList();
		assertThat(RealtimeMetadata.hints()).isNotEmpty()
			.allSatisfy((hint) -> assertThat(names).contains(hint.name().replaceFirst("\\.keys$", "")));
	}

	@Test
	void everyEnumHasAHintThatOffersOnlyItsConstants() {
		assertThat(RealtimeMetadata.properties()).filteredOn((property) -> property.type().startsWith("dev.realtime"))
			.hasSizeGreaterThan(4)
			.allSatisfy((property) -> assertThat(constants(property.type())).as(property.name())
				.containsAll(hint(property.name()).values()));
	}

	@Test
	void everyHintForAnEnumOffersTheDefault() {
		assertThat(RealtimeMetadata.properties()).filteredOn((property) -> property.type().startsWith("dev.realtime"))
			.filteredOn((property) -> property.defaultValue() != null)
			.allSatisfy((property) -> assertThat(hint(property.name()).values()).as(property.name())
				.contains(property.defaultValue()));
	}

	private static RealtimeMetadata.Hint hint(String name) {
		return RealtimeMetadata.hints().stream().filter((hint) -> hint.name().equals(name)).findFirst().orElseThrow();
	}

	private static List<String> constants(String type) {
		Object[] constants = ClassUtils.resolveClassName(type, null).getEnumConstants();
		return Arrays.stream(constants)
			.map((constant) -> constant.toString().toLowerCase(Locale.ROOT).replace('_', '-'))
			.toList();
	}

}
