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

import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

import dev.realtime.HistoryQuery;
import dev.realtime.RealtimeOperations;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionManagerCustomizationAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * An application that publishes numbers in transactions, some of which it rolls back,
 * until it is killed, or that tells what has come out.
 */
public final class OutboxKillChild {

	static final String ROOM = "chat:a";

	private final JdbcClient jdbc;

	private final RealtimeOperations operations;

	private final TransactionTemplate transaction;

	private OutboxKillChild(ConfigurableApplicationContext context) {
		this.jdbc = context.getBean(JdbcClient.class);
		this.operations = context.getBean(RealtimeOperations.class);
		this.transaction = context.getBean(TransactionTemplate.class);
	}

	/**
	 * Run.
	 * @param arguments the first number, or -1 to tell what has come out, and properties
	 */
	public static void main(String[] arguments) {
		ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
			.web(WebApplicationType.NONE)
			.run(arguments);
		OutboxKillChild child = new OutboxKillChild(context);
		int first = Integer.parseInt(arguments[0]);
		if (first < 0) {
			child.tell();
		}
		else {
			child.publish(first, new Random(first));
		}
	}

	private void publish(int first, Random random) {
		System.out.println("ready");
		for (int number = first; number < first + 2_000; number++) {
			int current = number;
			boolean undone = random.nextInt(5) == 0;
			this.transaction.executeWithoutResult((status) -> {
				this.jdbc.sql("insert into sent values (?)").param(current).update();
				this.operations.publish(ROOM, current);
				if (undone) {
					status.setRollbackOnly();
				}
			});
			LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(2_000)));
		}
		System.out.println("done");
		LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(60));
	}

	private void tell() {
		while (count() > 0) {
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
		}
		System.out.println("sent " + this.jdbc.sql("select number from sent order by number")
			.query(String.class)
			.list()
			.stream()
			.collect(Collectors.joining(",")));
		System.out.println("out " + this.operations.history(ROOM, new HistoryQuery(-1, null, false))
			.publications()
			.stream()
			.map((publication) -> publication.data().text())
			.collect(Collectors.joining(",")));
		Runtime.getRuntime().halt(0);
	}

	private int count() {
		return this.jdbc.sql("select count(*) from realtime_outbox").query(Integer.class).single();
	}

	/**
	 * What the application is.
	 */
	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ DataSourceAutoConfiguration.class, JdbcTemplateAutoConfiguration.class,
			JdbcClientAutoConfiguration.class, DataSourceTransactionManagerAutoConfiguration.class,
			TransactionAutoConfiguration.class, TransactionManagerCustomizationAutoConfiguration.class,
			DataRedisAutoConfiguration.class, RealtimeAutoConfiguration.class, RealtimeRedisAutoConfiguration.class,
			RealtimeTransactionAutoConfiguration.class, RealtimeOutboxAutoConfiguration.class })
	static class Application {

	}

}
