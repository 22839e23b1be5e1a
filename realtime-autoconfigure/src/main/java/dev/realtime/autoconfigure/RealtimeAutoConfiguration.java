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

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executor;

import dev.realtime.ConnectAuthenticator;
import dev.realtime.ConnectHandler;
import dev.realtime.OutboxOperations;
import dev.realtime.PayloadConverter;
import dev.realtime.RealtimeListener;
import dev.realtime.RealtimeOperations;
import dev.realtime.RoomAuthorizer;
import dev.realtime.control.BanStore;
import dev.realtime.control.ControlBus;
import dev.realtime.control.InMemoryBanStore;
import dev.realtime.control.LocalControlBus;
import dev.realtime.core.EngineSettings;
import dev.realtime.core.JsonPayloadConverter;
import dev.realtime.core.PublishGuarantees;
import dev.realtime.core.RealtimeEngine;
import dev.realtime.core.RealtimeLifecycle;
import dev.realtime.core.SessionLifecycle;
import dev.realtime.handler.RealtimeHandlers;
import dev.realtime.naming.Namespaces;
import dev.realtime.outbox.TransactionBinding;
import dev.realtime.presence.InMemoryPresenceStore;
import dev.realtime.presence.PresenceStore;
import dev.realtime.relay.LocalRoomRelay;
import dev.realtime.relay.RoomRelay;
import dev.realtime.room.RoomRegistry;
import dev.realtime.session.CodeScope;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.support.DefaultLifecycleProcessor;

/**
 * Auto-configures rooms and what an application does in them. Without a servlet web
 * application there is no endpoint, but everything else.
 *
 * @since 0.1.0
 */
@AutoConfiguration
@ConditionalOnBooleanProperty(name = "realtime.enabled", matchIfMissing = true)
@EnableConfigurationProperties(RealtimeProperties.class)
@Import({ HandlerExecutorConfiguration.class, HandlerConfiguration.class })
public final class RealtimeAutoConfiguration {

	/**
	 * By how much the phase may last longer than the drain, which ends by itself.
	 */
	private static final Duration DRAIN_MARGIN = Duration.ofSeconds(1);

	@Bean
	@ConditionalOnMissingBean
	EngineSettings realtimeEngineSettings(RealtimeProperties properties) {
		return new RealtimePropertiesMapper(properties).engineSettings();
	}

	@Bean
	@ConditionalOnMissingBean
	Namespaces realtimeNamespaces(RealtimeProperties properties, ObjectProvider<RealtimeHandlers> handlers) {
		return new RealtimePropertiesMapper(properties)
			.namespaces(handlers.getIfAvailable(() -> RealtimeHandlers.NONE).rooms());
	}

	@Bean
	@ConditionalOnMissingBean(RoomRelay.class)
	LocalRoomRelay realtimeRelay(RealtimeProperties properties) {
		if (properties.getRelay() != RealtimeProperties.Relay.LOCAL) {
			throw new InvalidRealtimePropertyException("realtime.relay", "redis",
					"Spring Data Redis and Lettuce are not on the class path",
					"Add org.springframework.boot:spring-boot-starter-data-redis, which realtime-starter brings.");
		}
		return new LocalRoomRelay(Clock.systemUTC());
	}

	@Bean
	@ConditionalOnMissingBean(PresenceStore.class)
	InMemoryPresenceStore realtimePresenceStore() {
		return new InMemoryPresenceStore();
	}

	@Bean
	@ConditionalOnMissingBean(ControlBus.class)
	LocalControlBus realtimeControlBus(ObjectProvider<BanStore> bans) {
		return new LocalControlBus(bans.getIfAvailable(() -> new InMemoryBanStore(System::nanoTime)));
	}

	@Bean
	@ConditionalOnMissingBean(PayloadConverter.class)
	JsonPayloadConverter realtimePayloadConverter(ObjectProvider<JsonMapper> mapper) {
		return new JsonPayloadConverter(mapper.getIfUnique(JsonMapper::shared));
	}

	@Bean
	ApplicationBeans realtimeApplicationBeans(ObjectProvider<ConnectAuthenticator> authenticators,
			ObjectProvider<ConnectHandler> connectHandlers, ObjectProvider<RoomAuthorizer> authorizers,
			ObjectProvider<RealtimeListener> listeners, ObjectProvider<RealtimeHandlers> handlers,
			ObjectProvider<CodeScope> scope) {
		return new ApplicationBeans(authenticators, connectHandlers, authorizers, listeners,
				handlers.getIfAvailable(() -> RealtimeHandlers.NONE), scope.getIfAvailable(() -> CodeScope.NONE));
	}

	@Bean
	@ConditionalOnMissingBean
	PublishGuarantees realtimePublishGuarantees(RealtimeProperties properties,
			ObjectProvider<TransactionBinding> transactions, ObjectProvider<OutboxHolder> outbox) {
		return new GuaranteesMapper(properties).guarantees(transactions.getIfAvailable(() -> TransactionBinding.NONE),
				outbox.getIfAvailable(() -> OutboxHolder.NONE).outbox());
	}

	@Bean
	@ConditionalOnMissingBean
	RealtimeEngine realtimeEngine(EngineSettings settings, Namespaces namespaces, RoomRelay relay,
			PresenceStore presence, ApplicationBeans beans,
			@Qualifier(HandlerExecutorConfiguration.BEAN_NAME) Executor handlerExecutor,
			PayloadConverter payloadConverter, PublishGuarantees guarantees, ControlBus controlBus) {
		return new RealtimeEngine(settings, namespaces, relay, presence, beans.code(), handlerExecutor,
				payloadConverter, guarantees, controlBus);
	}

	@Bean
	@ConditionalOnMissingBean
	RealtimeOperations realtimeOperations(RealtimeEngine engine) {
		return engine.operations();
	}

	@Bean
	@ConditionalOnMissingBean
	OutboxOperations realtimeOutboxOperations(RealtimeEngine engine) {
		return engine.outbox();
	}

	@Bean
	RoomRegistry realtimeRoomRegistry(RealtimeEngine engine) {
		return engine.rooms();
	}

	@Bean
	@ConditionalOnMissingBean
	RealtimeLifecycle realtimeLifecycle(RealtimeEngine engine) {
		return new RealtimeLifecycle(engine);
	}

	@Bean
	@ConditionalOnMissingBean
	SessionLifecycle realtimeSessionLifecycle(RealtimeEngine engine, EngineSettings settings,
			ObjectProvider<DefaultLifecycleProcessor> lifecycleProcessor) {
		long timeout = settings.drainTimeout().plus(DRAIN_MARGIN).toMillis();
		lifecycleProcessor
			.ifAvailable((processor) -> processor.setTimeoutForShutdownPhase(SessionLifecycle.PHASE, timeout));
		return new SessionLifecycle(engine);
	}

	@Bean
	RealtimeStartupReport realtimeStartupReport(RealtimeProperties properties, Namespaces namespaces,
			ApplicationBeans beans, ObjectProvider<RealtimeEndpoint> endpoint, ApplicationContext context) {
		return new RealtimeStartupReport(properties, namespaces, beans, endpoint, context);
	}

	/**
	 * Stops a reactive web application from coming up without an endpoint.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
	static class ReactiveConfiguration {

		ReactiveConfiguration() {
			throw new ReactiveWebApplicationException();
		}

	}

}
