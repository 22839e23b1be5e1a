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

import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnThreading;
import org.springframework.boot.thread.Threading;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The executor of the application's code. Not a candidate for injection by type: the
 * application's own executor, or Boot's, must stay what everybody else gets.
 */
@Configuration(proxyBeanMethods = false)
class HandlerExecutorConfiguration {

	static final String BEAN_NAME = "realtimeHandlerExecutor";

	@Bean(name = BEAN_NAME, defaultCandidate = false)
	@ConditionalOnMissingBean(name = BEAN_NAME)
	@ConditionalOnThreading(Threading.VIRTUAL)
	HandlerExecutor realtimeVirtualHandlerExecutor() {
		return HandlerExecutor.ofVirtualThreads();
	}

	@Bean(name = BEAN_NAME, defaultCandidate = false)
	@ConditionalOnMissingBean(name = BEAN_NAME)
	@ConditionalOnThreading(Threading.PLATFORM)
	HandlerExecutor realtimePlatformHandlerExecutor() {
		return HandlerExecutor.ofPlatformThreads();
	}

}
