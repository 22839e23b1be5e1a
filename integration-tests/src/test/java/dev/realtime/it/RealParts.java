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

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/**
 * The programs that tests need and a laptop may not have. With {@code CI=true} it is an
 * error that one is missing.
 */
final class RealParts {

	private RealParts() {
	}

	/**
	 * Find a program.
	 * @param name its name
	 * @return the file, or {@code null} if it is not in the {@code PATH}
	 */
	static @Nullable Path find(String name) {
		return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
			.map((directory) -> Path.of(directory, name))
			.filter(Files::isExecutable)
			.findFirst()
			.orElse(null);
	}

	/**
	 * Say that something cannot run here.
	 * @param message what, and why
	 * @return an exception that skips the test
	 * @throws IllegalStateException if nothing may be skipped
	 */
	static TestAbortedException skip(String message) {
		if ("true".equals(System.getenv("CI"))) {
			throw new IllegalStateException("Nothing is skipped with CI=true: " + message);
		}
		System.out.println("Skipped: " + message);
		return new TestAbortedException(message);
	}

}
