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

package dev.realtime.benchmarks;

import java.util.concurrent.TimeUnit;

import dev.realtime.benchmarks.LoadGenerator.Speech;

/**
 * Messages per second from one node to another through Redis, in one room, beside a
 * handler behind Spring Data's listener container: both nodes and Redis on the first
 * core, the load on the second, taking turns. Needs {@code redis-server}.
 */
public final class RelayBenchmark {

	private RelayBenchmark() {
	}

	/**
	 * Run it and print a table.
	 * @param args how many subscribers (1000), how many rounds (3), seconds for each (5)
	 */
	public static void main(String[] args) throws Exception {
		int subscribers = (args.length > 0) ? Integer.parseInt(args[0]) : 1000;
		int rounds = (args.length > 1) ? Integer.parseInt(args[1]) : 3;
		long nanos = TimeUnit.SECONDS.toNanos((args.length > 2) ? Integer.parseInt(args[2]) : 5);
		try (ServerProcess redis = ServerProcess.redis();
				ServerProcess publishing = ours(redis);
				ServerProcess listening = ours(redis);
				ServerProcess peerPublishing = peer(redis);
				ServerProcess peerListening = peer(redis);
				LoadGenerator ours = new LoadGenerator(listening.port(), publishing.port(), subscribers, Speech.JSON);
				LoadGenerator peer = new LoadGenerator(peerListening.port(), peerPublishing.port(), subscribers,
						Speech.ECHO)) {
			System.out.printf("| 1 x %d, two nodes, Redis | realtime, deliveries/s | container, deliveries/s "
					+ "| ratio (min-max) |%n", subscribers);
			System.out.println("|---|---|---|---|");
			FanoutBenchmark.compare(ours, peer, rounds, nanos, 1, 8);
		}
	}

	private static ServerProcess ours(ServerProcess redis) throws Exception {
		return new ServerProcess(RealtimeServer.class, "--realtime.relay=redis", "--realtime.redis.key-prefix=bench",
				url(redis));
	}

	private static ServerProcess peer(ServerProcess redis) throws Exception {
		return new ServerProcess(ContainerServer.class, url(redis));
	}

	private static String url(ServerProcess redis) {
		return "--spring.data.redis.url=redis://127.0.0.1:" + redis.port();
	}

}
