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
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the generated metadata says about the properties, as editors read it.
 */
final class RealtimeMetadata {

	private static final String LOCATION = "META-INF/spring-configuration-metadata.json";

	private static final String PREFIX = "realtime.";

	private RealtimeMetadata() {
	}

	static List<Property> properties() {
		return read("properties").stream().map(Property::new).sorted(Comparator.comparing(Property::name)).toList();
	}

	static Property property(String name) {
		return properties().stream().filter((property) -> property.name().equals(name)).findFirst().orElseThrow();
	}

	static List<Hint> hints() {
		return read("hints").stream().map(Hint::new).toList();
	}

	private static List<JsonNode> read(String kind) {
		List<JsonNode> nodes = new ArrayList<>();
		try {
			for (URL url : Collections.list(RealtimeProperties.class.getClassLoader().getResources(LOCATION))) {
				try (InputStream stream = url.openStream()) {
					JsonMapper.shared().readTree(stream).path(kind).forEach(nodes::add);
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		nodes.removeIf((node) -> !node.path("name").asString().startsWith(PREFIX));
		return nodes;
	}

	/**
	 * A property.
	 *
	 * @param name its name
	 * @param type the name of its Java type
	 * @param description what it means
	 * @param defaultValue its default, as it would be written
	 * @param deprecated whether it is deprecated
	 */
	record Property(String name, String type, String description, @Nullable String defaultValue, boolean deprecated) {

		private Property(JsonNode node) {
			this(node.path("name").asString(), node.path("type").asString(), node.path("description").asString(""),
					node.has("defaultValue") ? node.path("defaultValue").asString() : null, node.has("deprecation"));
		}

	}

	/**
	 * What an editor offers for a property.
	 *
	 * @param name the name of the property, or of a map with {@code .keys} at its end
	 * @param values the values that are offered
	 */
	record Hint(String name, List<String> values) {

		private Hint(JsonNode node) {
			this(node.path("name").asString(),
					node.path("values").valueStream().map((value) -> value.path("value").asString()).toList());
		}

	}

}
