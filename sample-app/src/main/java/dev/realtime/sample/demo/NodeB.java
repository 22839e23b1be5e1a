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

package dev.realtime.sample.demo;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import dev.realtime.sample.ChatApplication;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;

/**
 * The second node: the same application once more, with a port, a database and an outbox
 * of its own. It shares nothing with the first one but Redis.
 */
class NodeB implements AutoCloseable {

	static final String PROFILE = "node-b";

	private static final Log logger = LogFactory.getLog(NodeB.class);

	private final ConfigurableApplicationContext nodeA;

	private final DemoRedis redis;

	private final int port;

	private volatile @Nullable ConfigurableApplicationContext context;

	NodeB(ConfigurableApplicationContext nodeA, DemoRedis redis) {
		this.nodeA = nodeA;
		this.redis = redis;
		this.port = nodeA.getEnvironment().getProperty("demo.node-b-port", Integer.class, 8081);
	}

	int port() {
		return this.port;
	}

	/**
	 * Return the running node.
	 * @return its context, or {@code null} if it does not run
	 */
	@Nullable ConfigurableApplicationContext context() {
		return this.context;
	}

	/** The events of the second context do not get here, since it is not a child. */
	@EventListener(ApplicationReadyEvent.class)
	void startFirst() {
		start();
		logger.info("The demo is at " + origin() + "/demo");
	}

	synchronized void start() {
		if (this.context == null) {
			this.context = new SpringApplicationBuilder(ChatApplication.class)
				.profiles(profiles(this.nodeA.getEnvironment()))
				.registerShutdownHook(false)
				.run(arguments());
		}
	}

	private static String[] profiles(Environment environment) {
		return Stream.concat(Arrays.stream(environment.getActiveProfiles()), Stream.of(PROFILE)).toArray(String[]::new);
	}

	/** Those of the first node, and then what is different. */
	private String[] arguments() {
		List<String> own = List.of("--server.port=" + this.port, "--realtime.node-id=b",
				"--realtime.allowed-origins=" + origin(),
				"--spring.data.redis.url=redis://" + DemoRedis.HOST + ":" + this.redis.port(),
				"--spring.main.banner-mode=off");
		List<String> names = own.stream().map(NodeB::name).toList();
		Stream<String> shared = Arrays.stream(this.nodeA.getBean(ApplicationArguments.class).getSourceArgs())
			.filter((argument) -> !names.contains(name(argument)));
		return Stream.concat(shared, own.stream()).toArray(String[]::new);
	}

	private String origin() {
		return "http://localhost:" + this.nodeA.getEnvironment().getProperty("local.server.port");
	}

	private static String name(String argument) {
		return argument.split("=", 2)[0];
	}

	/**
	 * Stop the node, without much ado.
	 */
	synchronized void stop() {
		ConfigurableApplicationContext running = this.context;
		this.context = null;
		if (running != null) {
			running.close();
		}
	}

	@Override
	public void close() {
		stop();
	}

}
