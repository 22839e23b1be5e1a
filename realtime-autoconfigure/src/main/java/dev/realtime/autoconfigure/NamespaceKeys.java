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

import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.origin.Origin;
import org.springframework.core.env.Environment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Finds what is configured below {@code realtime.namespaces} but is no setting of a
 * namespace. Nothing fails of it, but a namespace of which nothing else is known does not
 * exist, and a rule with a typing error does not hold.
 */
final class NamespaceKeys {

	private static final ConfigurationPropertyName NAMESPACES = ConfigurationPropertyName.of("realtime.namespaces");

	private static final int PREFIX = NAMESPACES.getNumberOfElements() + 1;

	private static final List<ConfigurationPropertyName> KNOWN = Stream
		.of("subscribe", "publish", "presence", "presence-limit", "history", "history.size", "history.time-to-live",
				"recovery", "slow-consumer-policy", "outage-policy")
		.map(ConfigurationPropertyName::of)
		.toList();

	private NamespaceKeys() {
	}

	/**
	 * Return what is not known. The environment of the process does not count: where a
	 * name ends cannot be seen there.
	 * @param environment where to look
	 * @return names with the place where they stand
	 */
	static List<String> unknown(Environment environment) {
		return StreamSupport.stream(ConfigurationPropertySources.get(environment).spliterator(), false)
			.flatMap(NamespaceKeys::unknown)
			.distinct()
			.toList();
	}

	private static Stream<String> unknown(ConfigurationPropertySource source) {
		if (!(source instanceof IterableConfigurationPropertySource names)
				|| source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource) {
			return Stream.empty();
		}
		return names.stream().filter(NamespaceKeys::isUnknown).map((name) -> describe(source, name));
	}

	private static boolean isUnknown(ConfigurationPropertyName name) {
		return NAMESPACES.isAncestorOf(name) && name.getNumberOfElements() > PREFIX
				&& !KNOWN.contains(name.subName(PREFIX));
	}

	private static String describe(ConfigurationPropertySource source, ConfigurationPropertyName name) {
		Origin origin = Origin.from(source.getConfigurationProperty(name));
		return (origin != null) ? "%s (%s)".formatted(name, origin) : name.toString();
	}

}
