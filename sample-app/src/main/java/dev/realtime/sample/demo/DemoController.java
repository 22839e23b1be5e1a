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

package dev.realtime.sample.demo;

import java.util.List;
import java.util.stream.IntStream;

import dev.realtime.OutboxOperations;
import dev.realtime.RealtimeOperations;
import dev.realtime.relay.RelayState;
import dev.realtime.relay.RoomRelay;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpStatus;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * What the buttons of the page do.
 */
@RestController
@RequestMapping("/demo/api")
@Profile(DemoConfiguration.NODE_A)
class DemoController {

	private final ConfigurableApplicationContext nodeA;

	private final RealtimeOperations realtime;

	private final TransactionOperations transaction;

	private final DemoRedis redis;

	private final NodeB nodeB;

	/** What waits in the outbox of node B while that does not run. */
	private volatile long leftOnB;

	DemoController(ConfigurableApplicationContext nodeA, RealtimeOperations realtime, TransactionOperations transaction,
			DemoRedis redis, NodeB nodeB) {
		this.nodeA = nodeA;
		this.realtime = realtime;
		this.transaction = transaction;
		this.redis = redis;
		this.nodeB = nodeB;
	}

	@GetMapping("/state")
	DemoState state() {
		int port = this.nodeA.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
		return new DemoState(this.redis.isUp(),
				List.of(node(port, this.nodeA, 0), node(this.nodeB.port(), this.nodeB.context(), this.leftOnB)));
	}

	private static DemoState.Node node(int port, @Nullable ConfigurableApplicationContext context, long left) {
		try {
			if (context != null) {
				return new DemoState.Node(port, true, context.getBean(RoomRelay.class).state(), backlog(context));
			}
		}
		catch (RuntimeException ex) {
			if (context.isActive()) {
				throw ex;
			}
		}
		return new DemoState.Node(port, false, RelayState.DOWN, left);
	}

	private static long backlog(ApplicationContext context) {
		return context.getBean(OutboxOperations.class).backlog().messages();
	}

	@PostMapping("/redis/stop")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void stopRedis() {
		this.redis.stop();
	}

	@PostMapping("/redis/start")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void startRedis() {
		this.redis.start();
	}

	@PostMapping("/node-b/stop")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void stopNodeB() {
		ApplicationContext running = this.nodeB.context();
		this.leftOnB = (running != null) ? backlog(running) : this.leftOnB;
		this.nodeB.stop();
	}

	@PostMapping("/node-b/start")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void startNodeB() {
		this.nodeB.start();
	}

	/**
	 * Publishes, and then fails: nobody may ever see the message.
	 * @param room where
	 * @param id by which the page would recognize the message
	 */
	@PostMapping("/rollback")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void rollBack(@RequestParam String room, @RequestParam String id) {
		try {
			this.transaction.executeWithoutResult((status) -> {
				this.realtime.publish(room, new DemoMessage(id));
				throw new ChangeOfMind();
			});
		}
		catch (ChangeOfMind ex) {
			// as intended
		}
	}

	/**
	 * Publishes many messages one after the other, half of them in transactions.
	 * @param room where
	 * @param batch what their ids begin with
	 * @param from the number of the first message
	 * @param to the number of the last message
	 * @return how many were acknowledged
	 */
	@PostMapping("/burst")
	int burst(@RequestParam String room, @RequestParam String batch, @RequestParam int from, @RequestParam int to) {
		Runnable publish = () -> IntStream.rangeClosed(from, to)
			.forEach((number) -> this.realtime.publish(room, new DemoMessage(batch + "-" + number)));
		if (from / (to - from + 1) % 2 == 0) {
			publish.run();
		}
		else {
			this.transaction.executeWithoutResult((status) -> publish.run());
		}
		return to - from + 1;
	}

	/**
	 * A message that the server publishes.
	 *
	 * @param id by which the page recognizes it
	 */
	record DemoMessage(String id) {

	}

	/**
	 * Rolls a transaction back.
	 */
	private static final class ChangeOfMind extends RuntimeException {

		private static final long serialVersionUID = 1L;

	}

}
