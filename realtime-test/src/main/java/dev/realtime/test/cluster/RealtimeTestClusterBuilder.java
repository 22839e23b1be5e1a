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

package dev.realtime.test.cluster;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.realtime.test.autoconfigure.RealtimeTestClientAutoConfiguration;

import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.util.Assert;

/**
 * Says what the nodes of a {@link RealtimeTestCluster} are like. Not thread-safe.
 *
 * @since 0.1.0
 */
public final class RealtimeTestClusterBuilder {

	private final Class<?>[] configuration;

	private final Map<String, String> properties = new LinkedHashMap<>(
			Map.of("server.port", "0", "realtime.relay", "local", "spring.jmx.enabled", "false"));

	private final List<String> profiles = new ArrayList<>();

	private WebApplicationType webApplicationType = WebApplicationType.NONE;

	private int nodes = 2;

	RealtimeTestClusterBuilder(Class<?>... configuration) {
		Assert.notEmpty(configuration, "'configuration' must not be empty");
		this.configuration = configuration.clone();
	}

	/**
	 * Set how many nodes there are; two by default.
	 * @param nodes the number of nodes
	 * @return this builder
	 */
	public RealtimeTestClusterBuilder nodes(int nodes) {
		Assert.isTrue(nodes > 0, "'nodes' must be positive");
		this.nodes = nodes;
		return this;
	}

	/**
	 * Add properties of all nodes, which come before the application's own.
	 * @param properties each a name, an equals sign and a value
	 * @return this builder
	 */
	public RealtimeTestClusterBuilder properties(String... properties) {
		for (String property : properties) {
			String[] parts = property.split("=", 2);
			Assert.isTrue(parts.length == 2, () -> "Not a property: '" + property + "'");
			this.properties.put(parts[0].strip(), parts[1].strip());
		}
		return this;
	}

	/**
	 * Add profiles that are active on all nodes.
	 * @param profiles the names of the profiles
	 * @return this builder
	 */
	public RealtimeTestClusterBuilder profiles(String... profiles) {
		this.profiles.addAll(List.of(profiles));
		return this;
	}

	/**
	 * Give each node a web server on a port of its own, so that clients open WebSockets.
	 * By default there is none, and clients talk to the engine in memory.
	 * @return this builder
	 */
	public RealtimeTestClusterBuilder withWebServer() {
		this.webApplicationType = WebApplicationType.SERVLET;
		return this;
	}

	/**
	 * Start the nodes, one after the other.
	 * @return the cluster, to be closed
	 */
	public RealtimeTestCluster start() {
		RealtimeTestCluster cluster = new RealtimeTestCluster();
		try {
			for (int i = 0; i < this.nodes; i++) {
				cluster.add().start(application(), arguments(i));
			}
			return cluster;
		}
		catch (RuntimeException ex) {
			cluster.close();
			throw ex;
		}
	}

	private SpringApplicationBuilder application() {
		return new SpringApplicationBuilder(this.configuration).sources(RealtimeTestClientAutoConfiguration.class)
			.web(this.webApplicationType)
			.profiles(this.profiles.toArray(String[]::new))
			.bannerMode(Banner.Mode.OFF)
			.registerShutdownHook(false);
	}

	private String[] arguments(int node) {
		List<String> arguments = new ArrayList<>();
		arguments.add("--realtime.node-id=node-" + node);
		this.properties.forEach((name, value) -> arguments.add("--" + name + "=" + value));
		return arguments.toArray(String[]::new);
	}

}
