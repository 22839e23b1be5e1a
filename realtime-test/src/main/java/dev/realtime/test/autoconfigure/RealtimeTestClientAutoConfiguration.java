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

package dev.realtime.test.autoconfigure;

import dev.realtime.test.RealtimeTestClient;
import dev.realtime.test.RealtimeTestClients;
import dev.realtime.test.TestUsers;
import jakarta.servlet.Filter;

import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.util.StringUtils;

/**
 * Auto-configuration of clients for tests.
 *
 * @since 0.1.0
 * @see AutoConfigureRealtimeTestClient
 */
@AutoConfiguration
public final class RealtimeTestClientAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	RealtimeTestClients realtimeTestClients(ApplicationContext context) {
		String timeout = context.getEnvironment().getProperty("realtime.test.client.timeout");
		return StringUtils.hasLength(timeout) ? new RealtimeTestClients(context, DurationStyle.detectAndParse(timeout))
				: new RealtimeTestClients(context);
	}

	@Bean(destroyMethod = "")
	@ConditionalOnMissingBean
	@Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
	RealtimeTestClient realtimeTestClient(RealtimeTestClients clients) {
		return clients.client().build();
	}

	/**
	 * Lets clients of a web server say who they are.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
	@ConditionalOnClass(Filter.class)
	static class UserConfiguration {

		@Bean(TestUsers.FILTER_BEAN_NAME)
		TestUserFilter realtimeTestUserFilter() {
			return new TestUserFilter();
		}

	}

}
