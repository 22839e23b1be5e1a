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

import dev.realtime.websocket.TransportFactory;
import dev.realtime.websocket.tomcat.TomcatTransportFactory;
import dev.realtime.websocket.tomcat.TomcatTuning;
import org.apache.catalina.connector.Connector;
import org.apache.tomcat.websocket.WsSession;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * What is better with Tomcat, embedded or not, unless that is switched off.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(WsSession.class)
@ConditionalOnProperty(name = "realtime.tomcat.tuning", havingValue = "endpoint", matchIfMissing = true)
class TomcatConfiguration {

	@Bean
	@ConditionalOnMissingBean(TransportFactory.class)
	@Conditional(OnKnownTomcat.class)
	TomcatTransportFactory realtimeTransportFactory() {
		return new TomcatTransportFactory();
	}

	/**
	 * What a WAR leaves to the server it is deployed to.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ Connector.class, ConfigurableTomcatWebServerFactory.class })
	static class EmbeddedTomcatConfiguration {

		@Bean
		@ConditionalOnMissingBean
		TomcatTuning realtimeTomcatTuning(Environment environment) {
			return new TomcatTuning(!ConfiguredProperties.isSet(environment, "server.tomcat.max-connections"),
					!ConfiguredProperties.isSet(environment, "server.tomcat.accept-count"));
		}

		@Bean
		WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> realtimeTomcatCustomizer(TomcatTuning tuning) {
			return (factory) -> factory.addConnectorCustomizers(tuning::apply);
		}

	}

	/**
	 * Matches if this version of Tomcat has inside what the transport needs.
	 */
	static class OnKnownTomcat extends SpringBootCondition {

		@Override
		public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
			ConditionMessage.Builder message = ConditionMessage.forCondition("Known Tomcat");
			return TomcatTransportFactory.isAvailable() ? ConditionOutcome.match(message.because("it is known"))
					: ConditionOutcome.noMatch(message.because("this version is not known"));
		}

	}

}
