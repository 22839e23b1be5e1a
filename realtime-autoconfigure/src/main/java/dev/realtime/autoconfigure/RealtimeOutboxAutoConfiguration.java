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

import java.util.UUID;

import javax.sql.DataSource;

import dev.realtime.annotation.OutboxDataSource;
import dev.realtime.outbox.Outbox;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Auto-configures where publications are kept that the broker cannot take. A single node
 * has no broker, and so no outbox.
 *
 * @since 0.1.0
 */
@AutoConfiguration(before = RealtimeAutoConfiguration.class,
		afterName = "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration")
@ConditionalOnClass({ JdbcClient.class, TransactionTemplate.class })
@ConditionalOnBooleanProperty(name = "realtime.enabled", matchIfMissing = true)
@ConditionalOnProperty(name = "realtime.relay", havingValue = "redis")
@EnableConfigurationProperties(RealtimeProperties.class)
public final class RealtimeOutboxAutoConfiguration {

	@Bean
	Outboxes realtimeOutboxes(RealtimeProperties properties) {
		String node = properties.getNodeId();
		String incarnation = UUID.randomUUID().toString();
		return new Outboxes(properties.getOutbox(), (node != null) ? node + "/" + incarnation : incarnation);
	}

	@Bean
	@ConditionalOnMissingBean
	@DependsOnDatabaseInitialization
	OutboxHolder realtimeOutboxHolder(Outboxes outboxes, ObjectProvider<Outbox> own,
			@OutboxDataSource ObjectProvider<DataSource> marked, ObjectProvider<DataSource> dataSources) {
		Outbox outbox = own.getIfUnique();
		return new OutboxHolder((outbox != null) ? outbox : outboxes.find(dataSource(marked, dataSources)));
	}

	private static @Nullable DataSource dataSource(ObjectProvider<DataSource> marked,
			ObjectProvider<DataSource> dataSources) {
		DataSource dataSource = marked.getIfUnique();
		return (dataSource != null) ? dataSource : dataSources.getIfUnique();
	}

}
