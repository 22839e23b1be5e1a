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

package dev.realtime.it;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.io.DefaultResourceLoader;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The controller of the README does what the README says.
 */
class ReadmeHandlersTests {

	private static final String APPLICATION = """
			import dev.realtime.*;
			import dev.realtime.annotation.*;
			import jakarta.validation.Valid;
			import jakarta.validation.constraints.NotBlank;
			import java.security.Principal;
			import java.util.*;
			import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
			import org.springframework.boot.security.autoconfigure.actuate.web.servlet.ManagementWebSecurityAutoConfiguration;
			import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
			import org.springframework.context.annotation.*;
			import org.springframework.transaction.TransactionDefinition;
			import org.springframework.transaction.annotation.*;
			import org.springframework.transaction.support.*;
			record Ticket(long id, String title) { }
			record Comment(String text, String by) { }
			class TicketClosedException extends RuntimeException { }
			class Tickets {
				private final List<String> events;
				Tickets(List<String> events) {
					this.events = events;
				}
				Optional<Ticket> find(long ticket, String user) {
					return (ticket != 13) ? Optional.of(new Ticket(ticket, "no sound")) : Optional.empty();
				}
				List<Ticket> of(String user) {
					return List.of(new Ticket(7, "of " + user));
				}
				Comment save(long ticket, String text, String user) {
					this.events.add("save " + text);
					if (text.equals("too late")) {
						throw new TicketClosedException();
					}
					return new Comment(text, user);
				}
				void seen(long ticket, String user) {
					this.events.add("seen " + ticket + " by " + user);
				}
			}
			class Transactions extends AbstractPlatformTransactionManager {
				private final List<String> events;
				Transactions(List<String> events) {
					this.events = events;
				}
				@Override
				protected Object doGetTransaction() {
					return this;
				}
				@Override
				protected boolean isExistingTransaction(Object transaction) {
					return TransactionSynchronizationManager.isActualTransactionActive();
				}
				@Override
				protected void doBegin(Object transaction, TransactionDefinition definition) {
					this.events.add("begin");
				}
				@Override
				protected void doCommit(DefaultTransactionStatus status) {
					this.events.add("commit");
				}
				@Override
				protected void doRollback(DefaultTransactionStatus status) {
					this.events.add("rollback");
				}
				@Override
				protected void doSetRollbackOnly(DefaultTransactionStatus status) {
				}
			}
			@Configuration(proxyBeanMethods = false)
			@EnableAutoConfiguration(exclude = { ManagementWebSecurityAutoConfiguration.class,
					ServletWebSecurityAutoConfiguration.class })
			@EnableTransactionManagement
			@Import(TicketController.class)
			class TicketApplication {
				@Bean
				List<String> events() {
					return new java.util.concurrent.CopyOnWriteArrayList<>();
				}
				@Bean
				Tickets tickets(List<String> events) {
					return new Tickets(events);
				}
				@Bean
				Transactions transactionManager(List<String> events) {
					return new Transactions(events);
				}
				@Bean
				ConnectAuthenticator authenticator() {
					return (request) -> Identity.of(request.token());
				}
			}
			""";

	private final List<JsonNode> pushes = new ArrayList<>();

	private URLClassLoader loader;

	private ConfigurableApplicationContext context;

	private RawClient client;

	@BeforeEach
	void start(@TempDir Path directory) throws Exception {
		Readme.compile(directory, APPLICATION + new Readme().first("java", "@RealtimeController"));
		this.loader = new URLClassLoader(new URL[] { directory.toUri().toURL() }, getClass().getClassLoader());
		this.context = new SpringApplicationBuilder(this.loader.loadClass("TicketApplication"))
			.resourceLoader(new DefaultResourceLoader(this.loader))
			.run("--server.port=0", "--spring.main.banner-mode=off");
		this.client = RawClient
			.open(Integer.parseInt(this.context.getEnvironment().getRequiredProperty("local.server.port")));
		this.client.ask("{'id':1,'connect':{'token':'Ann'}}");
	}

	@AfterEach
	void stop() throws IOException {
		this.client.close();
		this.context.close();
		this.loader.close();
	}

	@Test
	void subscriptionHasInitialStateOrIsRefused() {
		assertThat(ask("'subscribe':{'channel':'ticket:7'}").path("subscribe").path("data").toString())
			.isEqualTo("{\"id\":7,\"title\":\"no sound\"}");
		assertThat(error("'subscribe':{'channel':'ticket:13'}")).isEqualTo(103);
		assertThat(error("'subscribe':{'channel':'ticket:x'}")).isEqualTo(102);
	}

	@Test
	void publicationIsRewrittenInATransaction() {
		assertThat(error("'publish':{'channel':'ticket:7','data':{'text':'hello'}}")).isEqualTo(103);
		ask("'subscribe':{'channel':'ticket:7'}");
		assertThat(error("'publish':{'channel':'ticket:7','data':{'text':'hello'}}")).isZero();
		assertThat(events()).containsExactly("begin", "save hello", "commit");
		JsonNode push = this.pushes.isEmpty() ? this.client.next().path("push") : this.pushes.get(0);
		assertThat(push.path("pub").path("data").toString()).isEqualTo("{\"text\":\"hello\",\"by\":\"Ann\"}");
	}

	@Test
	void publicationIsRefused() {
		ask("'subscribe':{'channel':'ticket:7'}");
		assertThat(ask("'publish':{'channel':'ticket:7','data':{'text':' '}}").path("error").path("message").asString())
			.isEqualTo("text: must not be blank");
		JsonNode error = ask("'publish':{'channel':'ticket:7','data':{'text':'too late'}}").path("error");
		assertThat(error.path("code").asInt()).isEqualTo(409);
		assertThat(error.path("message").asString()).isEqualTo("ticket is closed");
		assertThat(events()).containsSubsequence("save too late", "rollback").doesNotContain("save  ", "save ");
		assertThat(this.pushes).isEmpty();
	}

	@Test
	void callIsAnsweredAndMessageReceived() {
		this.client.send("{'send':{'data':{'id':7}}}");
		assertThat(ask("'rpc':{'method':'tickets.mine'}").path("rpc").path("data").toString())
			.isEqualTo("[{\"id\":7,\"title\":\"of Ann\"}]");
		assertThat(events()).containsExactly("seen 7 by Ann");
	}

	private int error(String command) {
		return ask(command).path("error").path("code").asInt(0);
	}

	/** Send a command and return its reply; what is pushed before that is kept. */
	private JsonNode ask(String command) {
		this.client.send("{'id':2," + command + "}");
		JsonNode message = this.client.next();
		while (message.path("id").asInt(0) != 2) {
			this.pushes.add(message.path("push"));
			message = this.client.next();
		}
		return message;
	}

	@SuppressWarnings("unchecked")
	private List<String> events() {
		return this.context.getBean("events", List.class);
	}

}
