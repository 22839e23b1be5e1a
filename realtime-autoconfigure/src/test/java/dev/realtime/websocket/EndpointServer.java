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

package dev.realtime.websocket;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

import dev.realtime.http.ClientScriptHandler;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.Wrapper;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.websocket.server.WsSci;

import org.springframework.util.FileSystemUtils;
import org.springframework.web.context.support.GenericWebApplicationContext;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.mvc.HttpRequestHandlerAdapter;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.server.HandshakeInterceptor;

/**
 * A real Tomcat on a random port that has the endpoint at {@code /realtime} and nothing
 * else.
 */
public final class EndpointServer implements AutoCloseable {

	private final Path directory;

	private final Tomcat tomcat = new Tomcat();

	/**
	 * Start the server.
	 * @param handler handles the sockets
	 * @param guards are asked first
	 * @param customizer prepares the connector
	 */
	public EndpointServer(WebSocketHandler handler, List<HandshakeInterceptor> guards, Consumer<Connector> customizer)
			throws Exception {
		this.directory = Files.createTempDirectory("realtime");
		this.tomcat.setBaseDir(this.directory.toString());
		Connector connector = new Connector();
		connector.setPort(0);
		customizer.accept(connector);
		this.tomcat.setConnector(connector);
		Context context = this.tomcat.addContext("", this.directory.toString());
		context.addServletContainerInitializer(new WsSci(), null);
		Wrapper servlet = Tomcat.addServlet(context, "dispatcher",
				new DispatcherServlet(applicationContext(handler, guards)));
		servlet.setAsyncSupported(true);
		servlet.addMapping("/");
		this.tomcat.start();
	}

	private static GenericWebApplicationContext applicationContext(WebSocketHandler handler,
			List<HandshakeInterceptor> guards) {
		GenericWebApplicationContext context = new GenericWebApplicationContext();
		context.registerBean(RealtimeHandlerMapping.class, () -> new RealtimeHandlerMapping("/realtime", handler,
				new RealtimeHandshakeHandler(), guards, new ClientScriptHandler()));
		context.registerBean(HttpRequestHandlerAdapter.class);
		return context;
	}

	/**
	 * Return the address of the endpoint or below it.
	 * @param scheme the scheme, {@code http} or {@code ws}
	 * @param suffix what follows the path of the endpoint
	 */
	public URI uri(String scheme, String suffix) {
		return URI.create(scheme + "://localhost:" + port() + "/realtime" + suffix);
	}

	public int port() {
		return this.tomcat.getConnector().getLocalPort();
	}

	public Connector connector() {
		return this.tomcat.getConnector();
	}

	@Override
	public void close() throws IOException, LifecycleException {
		this.tomcat.stop();
		this.tomcat.destroy();
		FileSystemUtils.deleteRecursively(this.directory);
	}

}
