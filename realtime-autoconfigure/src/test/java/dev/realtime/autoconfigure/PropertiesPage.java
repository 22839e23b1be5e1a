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

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * The page that lists all properties, made of the metadata.
 */
final class PropertiesPage {

	static final String COMMAND = "mvn -pl realtime-autoconfigure test -Dtest=PropertiesPageTests -Dproperties.page.write=true";

	/** Properties of rooms that a namespace does not have. */
	static final List<String> NOT_IN_NAMESPACES = List.of("realtime.room.recovery-limit");

	private static final String ROOM = "realtime.room.";

	private static final String NAMESPACE = "realtime.namespaces.<name>.";

	private static final String MAP = "realtime.namespaces";

	private static final String INTRODUCTION = """
			# Properties

			Every key of the library, with its type, its default and its meaning. A duration is written like `500ms`, `10s` or `1h`, a size
			like `64KB` or `1MB`. Values that cannot work stop the application at start-up with a hint what to change.

			This page is generated; after a change of a property run `%s`.
			""";

	private static final String NAMESPACES = """
			The namespace of a room is what stands before the first colon of its name: the rooms `chat:lobby` and `chat:42` have what is set
			below `realtime.namespaces.chat`. What a namespace does not set it takes from `realtime.room`. A name with other characters than
			letters, digits, `-` and `_` stands in brackets: `realtime.namespaces[a.b].presence`, in YAML `"[a.b]": { presence: true }`.
			""";

	private static final String HEADER = """

			| key | type | default | meaning |
			|---|---|---|---|
			""";

	private final Map<String, List<String>> values = RealtimeMetadata.hints()
		.stream()
		.collect(Collectors.toMap(RealtimeMetadata.Hint::name, RealtimeMetadata.Hint::values));

	private final List<RealtimeMetadata.Property> properties = RealtimeMetadata.properties()
		.stream()
		.filter((property) -> !property.name().equals(MAP))
		.toList();

	/**
	 * Write the page.
	 * @return its text, in Markdown
	 */
	String write() {
		StringBuilder page = new StringBuilder(INTRODUCTION.formatted(COMMAND));
		sections().forEach((prefix, properties) -> {
			page.append("\n## `").append(prefix).append("`\n").append(HEADER);
			properties.forEach((property) -> page.append(row(property)));
		});
		page.append("\n## `realtime.namespaces.<name>`\n\n").append(NAMESPACES).append(HEADER);
		namespaceProperties().forEach((property) -> page.append(namespaceRow(property)));
		return page.toString();
	}

	private Map<String, List<RealtimeMetadata.Property>> sections() {
		return this.properties.stream()
			.collect(Collectors.groupingBy(PropertiesPage::section, () -> new TreeMap<>(Comparator.naturalOrder()),
					Collectors.toList()));
	}

	private static String section(RealtimeMetadata.Property property) {
		String[] elements = property.name().split("\\.");
		return (elements.length > 2) ? elements[0] + "." + elements[1] : elements[0];
	}

	private List<RealtimeMetadata.Property> namespaceProperties() {
		return this.properties.stream()
			.filter((property) -> property.name().startsWith(ROOM) && !NOT_IN_NAMESPACES.contains(property.name()))
			.toList();
	}

	private String row(RealtimeMetadata.Property property) {
		return row(property.name(), type(property), code(property.defaultValue()), property.description());
	}

	private String namespaceRow(RealtimeMetadata.Property property) {
		String key = NAMESPACE + property.name().substring(ROOM.length());
		return row(key, type(property), "that of " + code(property.name()), property.description());
	}

	private static String row(String key, String type, String defaultValue, String meaning) {
		return "| %s | %s | %s | %s |\n".formatted(code(key), type, defaultValue, meaning);
	}

	private static String code(@Nullable String text) {
		return (text != null) ? "`" + text + "`" : "";
	}

	private String type(RealtimeMetadata.Property property) {
		return switch (property.type()) {
			case "java.lang.Boolean" -> "`true` or `false`";
			case "java.lang.Integer", "java.lang.Long" -> "number";
			case "java.lang.String" -> "text";
			case "java.time.Duration" -> "duration";
			case "java.util.List<java.lang.String>" -> "list";
			case "org.springframework.util.unit.DataSize" -> "size";
			default -> this.values.getOrDefault(property.name(), List.of())
				.stream()
				.map(PropertiesPage::code)
				.collect(Collectors.joining(", "));
		};
	}

}
