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

package dev.realtime.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.ManagementWebSecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the README promises for its first dependency and its first configuration.
 */
class ReadmeTests {

	private final Readme readme = new Readme();

	@Test
	void firstDependencyIsTheStarterOfThisBuild() throws IOException {
		String parent = Files.readString(Path.of("..", "pom.xml"));
		String project = parent.substring(parent.indexOf("</parent>"));
		String dependency = this.readme.first("xml");
		assertThat(element(dependency, "groupId")).isEqualTo(element(project, "groupId"));
		assertThat(element(dependency, "artifactId")).isEqualTo("realtime-starter");
		assertThat(element(dependency, "version")).isEqualTo(element(project, "version"));
	}

	@Test
	void firstConfigurationLetsGuestsChat(@TempDir Path directory) throws IOException {
		Path file = Files.writeString(directory.resolve("application.yml"), this.readme.first("yaml"));
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(EmptyApplication.class)
			.run("--spring.config.location=" + file.toUri(), "--server.port=0", "--spring.main.banner-mode=off")) {
			int port = Integer.parseInt(context.getEnvironment().getRequiredProperty("local.server.port"));
			try (RawClient guest = RawClient.connect(port); RawClient other = RawClient.connect(port)) {
				assertThat(guest.error("{'id':2,'subscribe':{'channel':'chat:lobby'}}")).isZero();
				assertThat(other.error("{'id':2,'subscribe':{'channel':'chat:lobby'}}")).isZero();
				guest.send("{'id':3,'publish':{'channel':'chat:lobby','data':{'text':'hello'}}}");
				JsonNode push = other.next().path("push");
				assertThat(push.path("channel").asString()).isEqualTo("chat:lobby");
				assertThat(push.path("pub").path("data").toString()).isEqualTo("{\"text\":\"hello\"}");
			}
		}
	}

	@Test
	void codeCompiles(@TempDir Path directory) throws IOException {
		String imports = """
				import dev.realtime.*;
				import dev.realtime.annotation.*;
				import dev.realtime.autoconfigure.security.RealtimeRequest;
				import dev.realtime.test.*;
				import dev.realtime.test.autoconfigure.*;
				import jakarta.validation.Valid;
				import jakarta.validation.constraints.NotBlank;
				import java.security.Principal;
				import java.util.*;
				import org.jspecify.annotations.Nullable;
				import org.junit.jupiter.api.Test;
				import org.springframework.beans.factory.annotation.Autowired;
				import org.springframework.boot.test.context.SpringBootTest;
				import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
				import org.springframework.context.annotation.*;
				import org.springframework.security.authorization.*;
				import org.springframework.security.config.Customizer;
				import org.springframework.security.config.annotation.web.builders.HttpSecurity;
				import org.springframework.security.web.SecurityFilterChain;
				import org.springframework.stereotype.*;
				import org.springframework.transaction.annotation.Transactional;
				import org.springframework.web.bind.annotation.*;
				import static dev.realtime.test.RealtimeAssertions.assertThat;
				interface Tickets {
					Optional<Ticket> find(long ticket, String user);
					List<Ticket> of(String user);
					Comment save(long ticket, String text, String user);
					void seen(long ticket, String user);
				}
				record Ticket(long id) { }
				record Comment(String text) { }
				class TicketClosedException extends RuntimeException { }
				interface Orders { boolean isVisible(String order, String user); }
				interface Tokens { @Nullable String findUser(String token); }
				""";
		List<String> blocks = this.readme.all("java");
		assertThat(blocks).isNotEmpty();
		Readme.compile(directory, imports + String.join("\n", blocks));
	}

	private static String element(String xml, String name) {
		Matcher matcher = Pattern.compile("<" + name + ">([^<]+)</" + name + ">").matcher(xml);
		assertThat(matcher.find()).isTrue();
		return matcher.group(1);
	}

	@EnableAutoConfiguration(
			exclude = { ManagementWebSecurityAutoConfiguration.class, ServletWebSecurityAutoConfiguration.class })
	@Configuration(proxyBeanMethods = false)
	static class EmptyApplication {

	}

}
