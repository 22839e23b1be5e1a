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

import dev.realtime.core.RealtimeEngine;
import dev.realtime.core.SessionGateway;
import dev.realtime.http.ClientScriptHandler;
import dev.realtime.websocket.AcceptingGuard;
import dev.realtime.websocket.AdmissionGuard;
import dev.realtime.websocket.HttpLogins;
import dev.realtime.websocket.OriginGuard;
import dev.realtime.websocket.PlainSessions;
import dev.realtime.websocket.RealtimeHandlerMapping;
import dev.realtime.websocket.RealtimeHandshakeHandler;
import dev.realtime.websocket.RealtimeWebSocketHandler;
import dev.realtime.websocket.TransportFactory;
import dev.realtime.websocket.tomcat.TomcatTransportFactory;
import jakarta.servlet.ServletContext;
import jakarta.websocket.server.ServerContainer;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletPath;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.web.socket.WebSocketHandler;

/**
 * Auto-configures the WebSocket endpoint of a servlet web application.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = RealtimeAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass({ DispatcherServletPath.class, ServerContainer.class, WebSocketHandler.class })
@ConditionalOnBooleanProperty(name = "realtime.enabled", matchIfMissing = true)
@Import(TomcatConfiguration.class)
public final class RealtimeWebSocketAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(TransportFactory.class)
	StandardTransportFactory realtimeTransportFactory() {
		return new StandardTransportFactory();
	}

	@Bean
	@ConditionalOnMissingBean
	RealtimeWebSocketHandler realtimeWebSocketHandler(RealtimeEngine engine, TransportFactory transports,
			RealtimeProperties properties) {
		return new RealtimeWebSocketHandler(engine.gateway(), transports,
				Math.toIntExact(properties.getSession().getMaxMessageSize().toBytes()));
	}

	@Bean
	@ConditionalOnMissingBean
	RealtimeHandlerMapping realtimeHandlerMapping(RealtimeProperties properties, RealtimeWebSocketHandler handler,
			RealtimeEngine engine, HttpLogins logins) {
		SessionGateway gateway = engine.gateway();
		return new RealtimeHandlerMapping(properties.getPath(), handler, new RealtimeHandshakeHandler(),
				List.of(new AcceptingGuard(gateway::isAccepting), new OriginGuard(properties.getAllowedOrigins()),
						new AdmissionGuard(gateway::hasRoom, gateway::admits), logins),
				new ClientScriptHandler());
	}

	/** The container creates it, as one of its listeners, before the engine is there. */
	@Bean
	HttpLogins realtimeHttpLogins(ObjectProvider<RealtimeEngine> engine) {
		return new HttpLogins((login) -> engine.getObject().gateway().endLogin(login));
	}

	@Bean
	@ConditionalOnMissingBean
	PlainSessions realtimePlainSessions(RealtimeEngine engine, TransportFactory transports) {
		return new PlainSessions(engine.gateway(), transports);
	}

	@Bean
	RealtimeEndpoint realtimeEndpoint(RealtimeProperties properties, TransportFactory transports,
			ObjectProvider<ServletContext> servletContext, ObjectProvider<DispatcherServletPath> servletPath) {
		ServletContext servlet = servletContext.getIfAvailable();
		DispatcherServletPath dispatcher = servletPath.getIfAvailable();
		String path = ((servlet != null) ? servlet.getContextPath() : "")
				+ ((dispatcher != null) ? dispatcher.getPrefix() : "") + properties.getPath();
		return new RealtimeEndpoint(path, sendPath(transports));
	}

	private static String sendPath(TransportFactory transports) {
		if (transports instanceof StandardTransportFactory) {
			return "public-api";
		}
		return (transports instanceof TomcatTransportFactory) ? "tomcat-bytes" : transports.getClass().getName();
	}

}
