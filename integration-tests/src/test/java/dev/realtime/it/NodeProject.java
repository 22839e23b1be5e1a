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
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import javax.xml.parsers.DocumentBuilderFactory;

import org.junit.jupiter.api.DynamicTest;
import org.opentest4j.TestAbortedException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A copy of a folder of scripts under {@code target}, with the packages of its lock file
 * installed.
 */
final class NodeProject {

	private static final int VERSION = 20;

	private static final int INSTALL_SECONDS = 120;

	private static final int RUN_SECONDS = 180;

	private final Path directory;

	private NodeProject(Path directory) {
		this.directory = directory;
	}

	/**
	 * Copy the scripts and install what they need.
	 * @param name the name of the folder in {@code src/test}
	 * @return the project
	 */
	static NodeProject install(String name) {
		NodeProject project = new NodeProject(Path.of("target", "npm", name).toAbsolutePath());
		copy(Path.of("src", "test", name), project.directory);
		project.requireVersion();
		Path log = project.directory.resolve("npm.log");
		int status = project.execute(INSTALL_SECONDS, log, Map.of(), List.of("npm", "ci", "--ignore-scripts",
				"--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"));
		if (status != 0) {
			throw RealParts.skip("npm ci in " + project.directory + " failed: " + read(log));
		}
		return project;
	}

	/**
	 * Run the tests of a script, and report each of them as one of ours.
	 * @param script the name of the file
	 * @param environment additional environment variables
	 * @return the outcomes
	 */
	Stream<DynamicTest> runTests(String script, Map<String, String> environment) {
		Path report = this.directory.resolve(script + ".xml");
		Path log = this.directory.resolve(script + ".log");
		int status = execute(RUN_SECONDS, log, environment,
				List.of("node", "--test", "--test-reporter=spec", "--test-reporter-destination=stdout",
						"--test-reporter=junit", "--test-reporter-destination=" + report, script));
		List<DynamicTest> tests = Files.exists(report) ? outcomes(report) : List.of();
		assertThat(tests).as("%s ended with status %d:%n%s", script, status, read(log)).isNotEmpty();
		DynamicTest whole = DynamicTest.dynamicTest(script + " passes as a whole",
				() -> assertThat(status).as(read(log)).isZero());
		return Stream.concat(tests.stream(), Stream.of(whole));
	}

	/**
	 * Run a script to its end.
	 * @param environment additional environment variables
	 * @param arguments the name of the file and its arguments
	 * @return what it printed
	 */
	String run(Map<String, String> environment, String... arguments) {
		List<String> command = new ArrayList<>(List.of("node"));
		command.addAll(List.of(arguments));
		Path log = this.directory.resolve(arguments[0] + ".log");
		int status = execute(RUN_SECONDS, log, environment, command);
		assertThat(status).as(read(log)).isZero();
		return read(log);
	}

	private void requireVersion() {
		String version = run(Map.of(), "--version").strip();
		if (Integer.parseInt(version.replaceAll("^v|\\..*$", "")) < VERSION) {
			throw RealParts.skip("the scripts need Node.js " + VERSION + " or later, not " + version);
		}
	}

	private int execute(int seconds, Path log, Map<String, String> environment, List<String> command) {
		ProcessBuilder builder = new ProcessBuilder(command).directory(this.directory.toFile())
			.redirectErrorStream(true)
			.redirectOutput(log.toFile());
		builder.environment().remove("NODE_OPTIONS");
		builder.environment().putAll(environment);
		try {
			Process process = builder.start();
			process.getOutputStream().close();
			if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
				process.descendants().forEach(ProcessHandle::destroyForcibly);
				process.destroyForcibly();
				throw new AssertionError("%s took more than %d s:%n%s".formatted(command, seconds, read(log)));
			}
			return process.exitValue();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private static List<DynamicTest> outcomes(Path report) {
		try {
			NodeList cases = DocumentBuilderFactory.newInstance()
				.newDocumentBuilder()
				.parse(report.toFile())
				.getElementsByTagName("testcase");
			List<DynamicTest> tests = new ArrayList<>();
			for (int i = 0; i < cases.getLength(); i++) {
				tests.add(outcome((Element) cases.item(i)));
			}
			return tests;
		}
		catch (Exception ex) {
			throw new IllegalStateException("cannot read " + report, ex);
		}
	}

	private static DynamicTest outcome(Element test) {
		NodeList failures = test.getElementsByTagName("failure");
		String failure = (failures.getLength() > 0) ? failures.item(0).getTextContent() : "";
		boolean skipped = test.getElementsByTagName("skipped").getLength() > 0;
		return DynamicTest.dynamicTest(test.getAttribute("name"), () -> {
			if (skipped) {
				throw new TestAbortedException("skipped by the script");
			}
			assertThat(failure).as(failure).isEmpty();
		});
	}

	private static void copy(Path from, Path to) {
		try (Stream<Path> files = Files.list(from)) {
			Files.createDirectories(to);
			for (Path file : files.filter(Files::isRegularFile).toList()) {
				Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String read(Path file) {
		try {
			return Files.exists(file) ? Files.readString(file) : "";
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
