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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import org.springframework.beans.BeanUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that {@code docs/properties.md} lists all properties. With
 * {@code -Dproperties.page.write=true} writes it.
 */
class PropertiesPageTests {

	private static final Path PAGE = Path.of("..", "docs", "properties.md");

	@Test
	void isUpToDate() throws IOException {
		String page = new PropertiesPage().write();
		if (Boolean.getBoolean("properties.page.write")) {
			Files.createDirectories(PAGE.getParent());
			Files.writeString(PAGE, page);
		}
		assertThat(PAGE).as("docs/properties.md is out of date, run: " + PropertiesPage.COMMAND)
			.exists()
			.hasContent(page);
	}

	@Test
	void everyPropertyHasARowWithAType() {
		List<String> rows = rows();
		assertThat(RealtimeMetadata.properties()).filteredOn((property) -> !isMap(property))
			.allSatisfy((property) -> assertThat(rows).as(property.name())
				.filteredOn((row) -> row.startsWith("| `" + property.name() + "` |"))
				.singleElement()
				.asString()
				.matches("\\| [^|]+ \\| [^|]+ \\|[^|]*\\| [^|]+ \\|"));
	}

	@Test
	void everyPropertyOfANamespaceHasARow() {
		List<String> keys = rows().stream()
			.map((row) -> row.split("`")[1])
			.filter((key) -> key.startsWith("realtime.namespaces."))
			.map((key) -> key.substring("realtime.namespaces.<name>.".length()))
			.toList();
		assertThat(keys).containsExactlyInAnyOrderElementsOf(Stream
			.concat(names(NamespaceProperties.class, ""), names(NamespaceProperties.History.class, "history."))
			.toList());
	}

	private static List<String> rows() {
		return new PropertiesPage().write().lines().filter((line) -> line.startsWith("| `")).toList();
	}

	private static boolean isMap(RealtimeMetadata.Property property) {
		return property.type().startsWith("java.util.Map");
	}

	private static Stream<String> names(Class<?> type, String prefix) {
		return Arrays.stream(BeanUtils.getPropertyDescriptors(type))
			.filter((property) -> property.getWriteMethod() != null)
			.map((property) -> prefix + property.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT));
	}

}
