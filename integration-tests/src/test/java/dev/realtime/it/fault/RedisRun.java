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

package dev.realtime.it.fault;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.realtime.it.checker.DeliveryChecker;
import dev.realtime.it.checker.Verdict;
import dev.realtime.redis.RedisServer;
import dev.realtime.relay.RelayState;
import dev.realtime.relay.RoomRelay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Two nodes of one application on one Redis: traffic on the one, members on the other.
 */
final class RedisRun implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final String APPLICATION = "faults";

	private static final String NAME = "--spring.application.name=";

	private final List<AutoCloseable> opened = new ArrayList<>();

	private final List<Member> members = new ArrayList<>();

	private final List<Traffic> traffics = new ArrayList<>();

	private final DeliveryChecker checker = new DeliveryChecker();

	private final RedisServer server;

	private final FaultNode publishing;

	private final FaultNode listening;

	private final Sockets sockets;

	/**
	 * Start two nodes.
	 * @param server where they meet
	 * @param settings additional properties of both
	 */
	RedisRun(RedisServer server, String... settings) {
		this(server, server.port(), server.port(), settings);
	}

	/**
	 * Start two nodes.
	 * @param server where they meet
	 * @param publishingPort where the one finds it
	 * @param listeningPort where the other finds it
	 * @param settings additional properties of both
	 */
	RedisRun(RedisServer server, int publishingPort, int listeningPort, String... settings) {
		this.server = server;
		this.publishing = open(node(publishingPort, settings));
		this.listening = open(node(listeningPort, settings));
		this.sockets = open(new Sockets(this.listening.port()));
	}

	/**
	 * Start a node.
	 * @param port where it finds Redis
	 * @param settings additional properties
	 * @return the node
	 */
	static FaultNode node(int port, String... settings) {
		return new FaultNode(settings(port, settings).toArray(String[]::new));
	}

	/**
	 * Return the properties of a node.
	 * @param port where it finds Redis
	 * @param settings additional properties
	 * @return arguments of a command line
	 */
	static List<String> settings(int port, String... settings) {
		List<String> all = new ArrayList<>(List.of("--realtime.relay=redis", "--realtime.redis.probe-interval=1s",
				"--spring.data.redis.host=127.0.0.1", "--spring.data.redis.port=" + port));
		all.addAll(Arrays.asList(settings));
		if (all.stream().noneMatch((setting) -> setting.startsWith(NAME))) {
			all.add(NAME + APPLICATION);
		}
		return all;
	}

	/**
	 * Name rooms.
	 * @param prefix what their names begin with
	 * @param count how many there are
	 * @return the names
	 */
	static List<String> rooms(String prefix, int count) {
		return IntStream.range(0, count).mapToObj((i) -> prefix + i).toList();
	}

	<T extends AutoCloseable> T open(T closeable) {
		this.opened.add(closeable);
		return closeable;
	}

	RedisServer server() {
		return this.server;
	}

	FaultNode publishing() {
		return this.publishing;
	}

	FaultNode listening() {
		return this.listening;
	}

	Sockets sockets() {
		return this.sockets;
	}

	DeliveryChecker checker() {
		return this.checker;
	}

	List<Member> members() {
		return this.members;
	}

	/**
	 * Let clients of the listening node into rooms, and wait until they are in.
	 * @param count how many
	 * @param rooms the rooms
	 */
	void join(int count, List<String> rooms) {
		for (int i = 0; i < count; i++) {
			join("m" + this.members.size(), rooms, this.sockets);
		}
		awaitIn();
	}

	Member join(String name, List<String> rooms, Sockets... nodes) {
		Member member = new Member(name, this.checker.client(name), rooms, nodes);
		this.opened.add(0, member);
		this.members.add(member);
		return member;
	}

	void awaitIn() {
		await().atMost(PATIENCE).until(() -> this.members.stream().allMatch(Member::isIn));
	}

	/**
	 * Begin to publish on the publishing node, and wait until something arrives.
	 * @param rooms where to publish
	 * @param perSecond how many publications per room and second
	 * @return the traffic
	 */
	Traffic publish(List<String> rooms, int perSecond) {
		Traffic traffic = new Traffic(this.checker, this.publishing.operations(), rooms, perSecond);
		this.opened.add(0, traffic);
		this.traffics.add(traffic);
		awaitFlow(traffic);
		return traffic;
	}

	/**
	 * Wait until something that is published from now on has come to all members.
	 * @param traffic what is published
	 * @return how long it took, in milliseconds
	 */
	long awaitFlow(Traffic traffic) {
		long begin = System.nanoTime();
		long[] numbers = traffic.numbers();
		await().pollInterval(Duration.ofMillis(20)).atMost(PATIENCE).until(() -> isBeyond(traffic, numbers));
		return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
	}

	private boolean isBeyond(Traffic traffic, long[] numbers) {
		for (int i = 0; i < numbers.length; i++) {
			String room = traffic.rooms().get(i);
			long number = numbers[i];
			if (this.members.stream().anyMatch((member) -> member.isOf(room) && member.number(room) <= number)) {
				return false;
			}
		}
		return true;
	}

	/** Let it go on for so long. */
	static void elapse(Duration time) {
		await().pollDelay(time).atMost(time.plusSeconds(10)).until(() -> true);
	}

	/**
	 * Wait until a node is in a state.
	 * @return how long it took, in milliseconds
	 */
	static long awaitState(FaultNode node, RelayState... states) {
		long begin = System.nanoTime();
		await().pollInterval(Duration.ofMillis(10))
			.atMost(PATIENCE)
			.until(() -> Arrays.asList(states).contains(node.bean(RoomRelay.class).state()));
		return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
	}

	/** Return how many channels there are subscriptions to, without those of nodes. */
	long channels() {
		return this.server.cli("PUBSUB", "CHANNELS", "rt:" + APPLICATION + ":*:c0:*")
			.lines()
			.filter((line) -> !line.isEmpty())
			.count();
	}

	/**
	 * Return the name of a room's channel, once there is a subscription.
	 * @param room the name of the room
	 * @return the channel
	 */
	String channel(String room) {
		String channels = this.server.cli("PUBSUB", "CHANNELS", "rt:" + APPLICATION + ":*:c0:" + room);
		assertThat(channels.lines()).hasSize(1);
		return channels;
	}

	/**
	 * Publish no more, wait until nothing is missing, and judge.
	 * @param figures what to print as well
	 * @return the verdict
	 */
	Verdict finish(String figures) {
		this.traffics.forEach(Traffic::stop);
		await().atMost(PATIENCE)
			.pollInterval(Duration.ofMillis(200))
			.until(() -> (this.members.stream().allMatch(Member::isIn) && this.checker.verdict().lost() == 0)
					|| this.checker.verdict().counts().size() > 1);
		// what comes twice comes a little later
		elapse(Duration.ofMillis(300));
		Verdict verdict = this.checker.verdict();
		System.out.println(figures + "; " + verdict.toString().replace('\n', ' '));
		assertThat(verdict.isClean()).as(verdict.toString()).isTrue();
		return verdict;
	}

	@Override
	public void close() throws Exception {
		for (int i = this.opened.size() - 1; i >= 0; i--) {
			AutoCloseable closeable = this.opened.get(i);
			if (closeable instanceof FaultNode) {
				continue;
			}
			closeable.close();
		}
		for (AutoCloseable closeable : this.opened) {
			if (closeable instanceof FaultNode) {
				closeable.close();
			}
		}
	}

}
