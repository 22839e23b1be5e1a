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

package dev.realtime.sample;

import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.SpringVersion;
import org.springframework.core.io.ClassPathResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the jar says what it is made of.
 */
class ComponentListTests {

	@Test
	void theListHasWhatTheApplicationRuns() throws Exception {
		JsonNode list = JsonMapper.shared()
			.readTree(new ClassPathResource("META-INF/sbom/application.cdx.json").getContentAsByteArray());
		assertThat(list.path("bomFormat").asString()).isEqualTo("CycloneDX");
		Map<String, String> components = new HashMap<>();
		list.path("components")
			.forEach((component) -> components.put(component.path("name").asString(),
					component.path("version").asString()));
		assertThat(components).containsKeys("realtime-autoconfigure", "tomcat-embed-core", "lettuce-core", "h2")
			.containsEntry("spring-core", SpringVersion.getVersion())
			.doesNotContainKeys("assertj-core", "junit-jupiter-api");
	}

}
