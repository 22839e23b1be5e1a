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

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

import dev.realtime.benchmarks.LoadGenerator.Speech;

/**
 * Messages per second in one room, beside the handler of the tutorials, in one run on one
 * machine: each server on the first core, the load on the second, taking turns.
 */
public final class FanoutBenchmark {

	private static final int[] OUTSTANDING = { 1, 8, 64 };

	private FanoutBenchmark() {
	}

	/**
	 * Run it and print a table.
	 * @param args how many subscribers (1000), how many rounds (3), seconds for each (5)
	 */
	public static void main(String[] args) throws Exception {
		int subscribers = (args.length > 0) ? Integer.parseInt(args[0]) : 1000;
		int rounds = (args.length > 1) ? Integer.parseInt(args[1]) : 3;
		long nanos = TimeUnit.SECONDS.toNanos((args.length > 2) ? Integer.parseInt(args[2]) : 5);
		try (ServerProcess ours = new ServerProcess(RealtimeServer.class);
				ServerProcess peer = new ServerProcess(DecoratorServer.class);
				LoadGenerator first = new LoadGenerator(ours.port(), ours.port(), subscribers, Speech.JSON);
				LoadGenerator second = new LoadGenerator(peer.port(), peer.port(), subscribers, Speech.ECHO)) {
			System.out.printf("| 1 x %d | realtime, deliveries/s | handler, deliveries/s | ratio (min-max) |%n",
					subscribers);
			System.out.println("|---|---|---|---|");
			compare(first, second, rounds, nanos, OUTSTANDING);
		}
	}

	/**
	 * Let two take turns, and print a row for each number of outstanding publications.
	 */
	static void compare(LoadGenerator ours, LoadGenerator peer, int rounds, long nanos, int... outstanding)
			throws IOException {
		ours.run(8, 2 * nanos);
		peer.run(8, 2 * nanos);
		for (int some : outstanding) {
			measure(ours, peer, some, rounds, nanos);
		}
		System.out.printf("missing or doubled: %d, %d%n", ours.missing(), peer.missing());
	}

	private static void measure(LoadGenerator ours, LoadGenerator peer, int outstanding, int rounds, long nanos)
			throws IOException {
		double[] first = new double[rounds];
		double[] second = new double[rounds];
		double[] ratio = new double[rounds];
		for (int i = 0; i < rounds; i++) {
			first[i] = ours.run(outstanding, nanos);
			second[i] = peer.run(outstanding, nanos);
			ratio[i] = first[i] / second[i];
		}
		Arrays.sort(ratio);
		System.out.printf("| W=%d | %,.0f | %,.0f | %.2f (%.2f-%.2f) |%n", outstanding, median(first), median(second),
				ratio[rounds / 2], ratio[0], ratio[rounds - 1]);
	}

	static double median(double[] values) {
		double[] sorted = values.clone();
		Arrays.sort(sorted);
		return sorted[sorted.length / 2];
	}

}
