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

import java.nio.file.Path;

import dev.realtime.redis.RedisServerCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Java SDK against two nodes that a Redis Cluster joins.
 */
class CentrifugeJavaClusterTests extends CentrifugeJavaContract {

	@TempDir
	private static Path directory;

	private static RedisServerCluster cluster;

	private static Sample here;

	private static Sample there;

	@BeforeAll
	static void startNodes() {
		cluster = new RedisServerCluster(3, 0);
		here = node("here");
		there = node("there");
	}

	private static Sample node(String name) {
		return Sample.start("--spring.profiles.active=redis", "--spring.data.redis.cluster.nodes=" + cluster.nodes(),
				"--realtime.outbox.path=" + directory.resolve(name));
	}

	@AfterAll
	static void stopNodes() {
		if (there != null) {
			there.close();
			here.close();
		}
		if (cluster != null) {
			cluster.close();
		}
	}

	@Override
	Sample here() {
		return here;
	}

	@Override
	Sample there() {
		return there;
	}

}
