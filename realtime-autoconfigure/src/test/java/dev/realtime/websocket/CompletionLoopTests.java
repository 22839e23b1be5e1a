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

package dev.realtime.websocket;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class CompletionLoopTests {

	private final List<String> log = new ArrayList<>();

	@Test
	void whenThereIsNoWriteCompletesAtOnce() {
		CompletionLoop.complete((failure) -> this.log.add("completed"), null);
		assertThat(this.log).containsExactly("completed");
		assertThat(CompletionLoop.defer(() -> this.log.add("deferred"))).isFalse();
		assertThat(this.log).hasSize(1);
	}

	@Test
	void whenThereIsAWriteCompletesAfterIt() {
		write("a", 0);
		assertThat(this.log).containsExactly("begin a", "end a", "completed a");
	}

	@Test
	void passesTheFailure() {
		List<Throwable> failures = new ArrayList<>();
		IllegalStateException failure = new IllegalStateException();
		CompletionLoop loop = CompletionLoop.begin();
		CompletionLoop.complete(failures::add, failure);
		loop.end();
		assertThat(failures).containsExactly(failure);
	}

	@Test
	void whenACompletionWritesTheStackDoesNotGrow() {
		write("a", 100_000);
		assertThat(this.log).hasSize(3 * 100_001);
		assertThat(this.log.subList(0, 6)).containsExactly("begin a", "end a", "completed a", "begin a", "end a",
				"completed a");
	}

	@Test
	void whenAWriteIsInsideAnotherCompletesAfterTheOuterOne() {
		CompletionLoop outer = CompletionLoop.begin();
		write("inner", 0);
		this.log.add("end outer");
		outer.end();
		assertThat(this.log).containsExactly("begin inner", "end inner", "end outer", "completed inner");
	}

	@Test
	void whenACompletionFailsTheOthersRun() {
		CompletionLoop loop = CompletionLoop.begin();
		CompletionLoop.complete((failure) -> {
			throw new IllegalStateException("expected");
		}, null);
		CompletionLoop.complete((failure) -> this.log.add("completed"), null);
		loop.end();
		assertThat(this.log).containsExactly("completed");
		write("later", 0);
		assertThat(this.log).endsWith("completed later");
	}

	private void write(String name, int more) {
		CompletionLoop loop = CompletionLoop.begin();
		this.log.add("begin " + name);
		CompletionLoop.complete((failure) -> {
			this.log.add("completed " + name);
			if (more > 0) {
				write(name, more - 1);
			}
		}, null);
		this.log.add("end " + name);
		loop.end();
	}

}
