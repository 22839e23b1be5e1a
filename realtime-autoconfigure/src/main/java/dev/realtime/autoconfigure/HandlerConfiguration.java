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

import dev.realtime.PayloadConverter;
import dev.realtime.RealtimeOperations;
import dev.realtime.handler.HandlerMethods;
import dev.realtime.handler.RealtimeEventPublisher;
import dev.realtime.handler.RealtimeHandlers;
import dev.realtime.handler.RealtimePublishPostProcessor;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.format.support.DefaultFormattingConversionService;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.messaging.handler.invocation.InvocableHandlerMethod;
import org.springframework.validation.Validator;

/**
 * The annotated methods of the application.
 */
@Configuration(proxyBeanMethods = false)
class HandlerConfiguration {

	@Bean
	static RealtimePublishPostProcessor realtimePublishPostProcessor(ObjectProvider<RealtimeOperations> operations,
			Environment environment) {
		return new RealtimePublishPostProcessor(operations::getObject,
				environment.getProperty("spring.aop.proxy-target-class", Boolean.class, true));
	}

	@Bean
	RealtimeEventPublisher realtimeEventPublisher(ObjectProvider<RealtimeOperations> operations) {
		return new RealtimeEventPublisher(operations::getObject);
	}

	/**
	 * Methods of controllers, whose parameters are Spring Messaging's business.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(InvocableHandlerMethod.class)
	static class ControllerConfiguration {

		@Bean
		@ConditionalOnMissingBean
		RealtimeHandlers realtimeHandlers(ListableBeanFactory beans, PayloadConverter converter,
				ObjectProvider<Validator> validator, ObjectProvider<HandlerMethodArgumentResolver> resolvers) {
			return HandlerMethods.find(beans, converter, new LazyValidator(validator),
					new DefaultFormattingConversionService(), resolvers.orderedStream().toList());
		}

	}

}
