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

import dev.realtime.outbox.TransactionBinding;
import dev.realtime.transaction.CommitMarker;
import dev.realtime.transaction.SpringTransactionBinding;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Auto-configures publications as part of Spring's transactions.
 *
 * @since 0.1.0
 */
@AutoConfiguration(before = RealtimeAutoConfiguration.class)
@ConditionalOnClass({ TransactionExecutionListener.class, TransactionSynchronizationManager.class })
@ConditionalOnBooleanProperty(name = "realtime.enabled", matchIfMissing = true)
public final class RealtimeTransactionAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(TransactionBinding.class)
	SpringTransactionBinding realtimeTransactionBinding(BeanFactory beans) {
		return new SpringTransactionBinding(beans);
	}

	@Bean
	@ConditionalOnMissingBean
	CommitMarker realtimeCommitMarker() {
		return new CommitMarker();
	}

}
