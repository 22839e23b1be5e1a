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

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import dev.realtime.sample.ChatApplication;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The sample in this JVM, with three more namespaces, which no method handles:
 * {@code open} takes any message as it is, {@code small} keeps five, nobody may enter
 * {@code closed}.
 */
final class Sample implements AutoCloseable {

	private static final List<String> SETTINGS = List.of("--spring.main.banner-mode=off",
			"--realtime.namespaces.open.subscribe=anyone", "--realtime.namespaces.open.publish=subscribers",
			"--realtime.namespaces.open.presence=true", "--realtime.namespaces.open.history.size=200",
			"--realtime.namespaces.small.subscribe=anyone", "--realtime.namespaces.small.publish=anyone",
			"--realtime.namespaces.small.history.size=5", "--realtime.namespaces.small.history.time-to-live=1h",
			"--realtime.namespaces.closed.subscribe=nobody");

	private final List<String> settings = new ArrayList<>(SETTINGS);

	private ConfigurableApplicationContext context;

	private int port;

	private Sample(String... settings) {
		this.settings.addAll(Arrays.asList(settings));
		start();
	}

	/**
	 * Start the sample on a free port.
	 * @param settings additional properties, as on a command line
	 * @return the sample
	 */
	static Sample start(String... settings) {
		return new Sample(settings);
	}

	/**
	 * Stop the application and start it again on the same port.
	 */
	void restart() {
		this.context.close();
		start();
	}

	int port() {
		return this.port;
	}

	<T> T bean(Class<T> type) {
		return this.context.getBean(type);
	}

	@Override
	public void close() {
		this.context.close();
	}

	private void start() {
		List<String> arguments = new ArrayList<>(this.settings);
		arguments.add("--server.port=" + this.port);
		this.context = new SpringApplicationBuilder(ChatApplication.class).run(arguments.toArray(String[]::new));
		this.port = Integer.parseInt(this.context.getEnvironment().getRequiredProperty("local.server.port"));
	}

}
