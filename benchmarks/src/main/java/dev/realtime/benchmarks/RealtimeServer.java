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

package dev.realtime.benchmarks;

import java.util.Map;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;

/**
 * An application with this library and nothing else: room {@code bench:room}, endpoint
 * {@code /realtime}.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class RealtimeServer {

	/**
	 * Start the server.
	 * @param args the arguments of Spring Boot
	 */
	public static void main(String[] args) {
		SpringApplication application = new SpringApplication(RealtimeServer.class);
		application.setDefaultProperties(Map.of("realtime.security.allow-anonymous", "true",
				"realtime.namespaces.bench.subscribe", "anyone", "realtime.namespaces.bench.publish", "anyone",
				"realtime.session.ping-interval", "1h", "realtime.rate-limit.enabled", "false"));
		application.run(args);
	}

}
