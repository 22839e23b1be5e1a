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

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.origin.Origin;
import org.springframework.core.env.Environment;

/**
 * Says which setting is not possible, where it stands, and what to change.
 */
final class InvalidRealtimePropertyFailureAnalyzer extends AbstractFailureAnalyzer<InvalidRealtimePropertyException> {

	private final Environment environment;

	InvalidRealtimePropertyFailureAnalyzer(Environment environment) {
		this.environment = environment;
	}

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidRealtimePropertyException cause) {
		Origin origin = findOrigin(cause.getProperty(), cause.getValue());
		String description = "Invalid value '%s' for configuration property '%s'%s:%n%n    %s".formatted(
				cause.getValue(), cause.getProperty(),
				(origin != null) ? " (originating from '%s')".formatted(origin) : "", cause.getReason());
		return new FailureAnalysis(description, cause.getAction(), cause);
	}

	/**
	 * Where the value stands: under the name of the property, under the same name with
	 * the namespace in brackets, or as an element of the list that the property is.
	 */
	private @Nullable Origin findOrigin(String name, @Nullable Object value) {
		ConfigurationProperty property = find(name);
		if (property == null) {
			property = find(name.replaceFirst("^(realtime\\.namespaces)\\.([^.\\[]+)", "$1[$2]"));
		}
		return Origin.from((property != null) ? property : findElement(name, value));
	}

	private @Nullable ConfigurationProperty findElement(String name, @Nullable Object value) {
		int index = 0;
		ConfigurationProperty element = find(name + "[0]");
		while (element != null && !element.getValue().equals(value)) {
			index++;
			element = find(name + "[" + index + "]");
		}
		return element;
	}

	private @Nullable ConfigurationProperty find(String name) {
		ConfigurationPropertyName propertyName = ConfigurationPropertyName.adapt(name, '.');
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(this.environment)) {
			ConfigurationProperty property = source.getConfigurationProperty(propertyName);
			if (property != null) {
				return property;
			}
		}
		return null;
	}

}
