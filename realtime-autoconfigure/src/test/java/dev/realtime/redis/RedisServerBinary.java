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

package dev.realtime.redis;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import redis.embedded.core.ExecutableProvider;

/**
 * The program that a {@link RedisServer} runs: the installed one or, on a laptop without,
 * one from a dependency.
 *
 * @param executable the program
 * @param version its version
 * @param embedded whether it came from the dependency
 */
record RedisServerBinary(Path executable, String version, boolean embedded) {

	private static final Pattern VERSION = Pattern.compile("v=(\\d+[.\\d]*)");

	/**
	 * Find the program.
	 * @param directory where to put it if it has to be unpacked
	 * @return the program
	 * @throws IllegalStateException if it is not installed and {@code CI=true}
	 */
	static RedisServerBinary find(Path directory) {
		return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
			.map((path) -> Path.of(path, "redis-server"))
			.filter(Files::isExecutable)
			.findFirst()
			.map((executable) -> new RedisServerBinary(executable, version(executable), false))
			.orElseGet(() -> unpack(directory, "true".equals(System.getenv("CI"))));
	}

	static RedisServerBinary unpack(Path directory, boolean required) {
		if (required) {
			throw new IllegalStateException("redis-server is not installed, and with CI=true it has to be");
		}
		try {
			Path executable = ExecutableProvider.newJarResourceProvider(directory.toFile()).get().toPath();
			RedisServerBinary binary = new RedisServerBinary(executable, version(executable), true);
			System.out.println("redis-server is not installed, using " + binary.description());
			return binary;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String version(Path executable) {
		try {
			Process process = new ProcessBuilder(executable.toString(), "--version").redirectErrorStream(true).start();
			String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			Matcher matcher = VERSION.matcher(output);
			if (!process.waitFor(5, TimeUnit.SECONDS) || !matcher.find()) {
				throw new IllegalStateException(executable + " does not tell its version: " + output);
			}
			return matcher.group(1);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	int major() {
		return Integer.parseInt(this.version.substring(0, this.version.indexOf('.')));
	}

	String description() {
		return this.version + " from " + (this.embedded ? "embedded-redis" : this.executable.toString());
	}

}
