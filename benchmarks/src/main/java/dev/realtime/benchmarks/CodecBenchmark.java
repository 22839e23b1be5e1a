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

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

import dev.realtime.benchmarks.LoadGenerator.Speech;

/**
 * Messages per second in one room whose members speak JSON, Protobuf, or half of each, in
 * one run on one machine: each server on the first core, the load on the second, taking
 * turns.
 */
public final class CodecBenchmark {

	private static final int[] OUTSTANDING = { 1, 8, 64 };

	private CodecBenchmark() {
	}

	/**
	 * Run it and print a table.
	 * @param args how many subscribers (1000), how many rounds (3), seconds for each (5)
	 */
	public static void main(String[] args) throws Exception {
		int subscribers = (args.length > 0) ? Integer.parseInt(args[0]) : 1000;
		int rounds = (args.length > 1) ? Integer.parseInt(args[1]) : 3;
		long nanos = TimeUnit.SECONDS.toNanos((args.length > 2) ? Integer.parseInt(args[2]) : 5);
		try (ServerProcess server = new ServerProcess(RealtimeServer.class);
				ServerProcess second = new ServerProcess(RealtimeServer.class);
				ServerProcess third = new ServerProcess(RealtimeServer.class);
				LoadGenerator json = new LoadGenerator(server.port(), server.port(), subscribers, Speech.JSON);
				LoadGenerator protobuf = new LoadGenerator(second.port(), second.port(), subscribers, Speech.PROTOBUF);
				LoadGenerator mixed = new LoadGenerator(third.port(), third.port(), subscribers, Speech.MIXED)) {
			LoadGenerator[] loads = { json, protobuf, mixed };
			for (LoadGenerator load : loads) {
				load.run(8, 2 * nanos);
			}
			System.out.printf("| 1 x %d, deliveries/s | JSON | Protobuf | mixed | Protobuf/JSON (min-max) |%n",
					subscribers);
			System.out.println("|---|---|---|---|---|");
			for (int outstanding : OUTSTANDING) {
				measure(loads, outstanding, rounds, nanos);
			}
			System.out.printf("missing or doubled: %d, %d, %d%n", json.missing(), protobuf.missing(), mixed.missing());
		}
	}

	private static void measure(LoadGenerator[] loads, int outstanding, int rounds, long nanos) throws Exception {
		double[][] rates = new double[loads.length][rounds];
		double[] ratio = new double[rounds];
		for (int i = 0; i < rounds; i++) {
			for (int j = 0; j < loads.length; j++) {
				rates[j][i] = loads[j].run(outstanding, nanos);
			}
			ratio[i] = rates[1][i] / rates[0][i];
		}
		Arrays.sort(ratio);
		System.out.printf("| W=%d | %,.0f | %,.0f | %,.0f | %.2f (%.2f-%.2f) |%n", outstanding,
				FanoutBenchmark.median(rates[0]), FanoutBenchmark.median(rates[1]), FanoutBenchmark.median(rates[2]),
				ratio[rounds / 2], ratio[0], ratio[rounds - 1]);
	}

}
