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

package dev.realtime.test;

import java.net.URI;
import java.time.Duration;

import dev.realtime.autoconfigure.RealtimeProperties;
import dev.realtime.core.RealtimeEngine;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.test.http.server.LocalTestWebServer;
import org.springframework.context.ApplicationContext;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * Connects to the web server of an application, or to its engine if it has none. Which it
 * is shows when a connection is opened: there is no port before.
 */
final class ContextConnector implements Connector {

	private static final String WEB_APPLICATION = "org.springframework.web.context.WebApplicationContext";

	private final ApplicationContext context;

	ContextConnector(ApplicationContext context) {
		this.context = context;
	}

	@Override
	public Connection open(Handshake handshake, Duration timeout, Receiver receiver) {
		return connector().open(handshake, timeout, receiver);
	}

	private Connector connector() {
		LocalTestWebServer server = server();
		if (server == null) {
			return new InMemoryConnector(this.context.getBean(RealtimeEngine.class).gateway());
		}
		return new WebSocketConnector(endpoint(server), this.context.containsBean(TestUsers.FILTER_BEAN_NAME));
	}

	private @Nullable LocalTestWebServer server() {
		// Those who look for the server need it, and are found even where it is not
		boolean web = ClassUtils.isPresent(WEB_APPLICATION, this.context.getClassLoader());
		return web ? LocalTestWebServer.get(this.context) : null;
	}

	private URI endpoint(LocalTestWebServer server) {
		String servletPath = this.context.getEnvironment().getProperty("spring.mvc.servlet.path", "");
		String base = StringUtils.trimTrailingCharacter(server.uri(), '/')
				+ StringUtils.trimTrailingCharacter(servletPath, '/');
		return URI.create(base.replaceFirst("^http", "ws") + this.context.getBean(RealtimeProperties.class).getPath());
	}

}
