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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A node that has no file descriptors left.
 */
@Tag("fault")
@EnabledOnOs({ OS.LINUX, OS.MAC })
class DescriptorLimitTests {

	private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");

	private static final int LIMIT = 600;

	private static final int EXTRA = 800;

	private static final int MEMBERS = 20;

	private static final int MESSAGES = 50;

	@TempDir
	private Path directory;

	private Process process;

	private Path log;

	@Test
	void sessionsStayAndNewOnesComeWhenDescriptorsAreFree() throws Exception {
		int port = startSample();
		List<SocketChannel> extra = new ArrayList<>();
		try (Sockets sockets = new Sockets(port)) {
			List<FaultClient> members = new ArrayList<>();
			for (int i = 0; i < MEMBERS; i++) {
				members.add(join(sockets));
			}
			// Loads the classes: from a directory that takes descriptors, too
			publish(members);
			for (int i = 0; i < EXTRA; i++) {
				extra.add(SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
			}
			await().atMost(Duration.ofSeconds(20)).until(() -> log().contains("Too many open files"));
			FaultClient tooMany = sockets.open();
			publish(members);
			assertThat(tooMany.opened()).isNotDone();
			assertThat(log().lines().filter((line) -> line.contains("Too many open files")).count()).isLessThan(200);
			for (SocketChannel channel : extra) {
				channel.close();
			}
			// Whoever waited longest may come first
			assertThat(tooMany.opened()).succeedsWithin(Duration.ofSeconds(20));
			for (int i = 0; i < MEMBERS; i++) {
				members.add(join(sockets));
			}
			publish(members);
			assertThat(members).allMatch((client) -> !client.closed().isDone());
			assertThat(this.process.isAlive()).isTrue();
		}
		finally {
			this.process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
		}
	}

	private int startSample() throws IOException {
		this.log = this.directory.resolve("sample.log");
		String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
		ProcessBuilder builder = new ProcessBuilder("bash", "-c", "ulimit -n " + LIMIT
				+ "; exec \"$0\" -Xmx256m dev.realtime.sample.ChatApplication --server.port=0 --server.tomcat.connection-timeout=5m",
				java)
			.redirectErrorStream(true)
			.redirectOutput(this.log.toFile());
		builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
		this.process = builder.start();
		await().atMost(Duration.ofSeconds(30)).until(() -> PORT.matcher(log()).find() || !this.process.isAlive());
		Matcher matcher = PORT.matcher(log());
		assertThat(matcher.find()).as(log()).isTrue();
		return Integer.parseInt(matcher.group(1));
	}

	private String log() {
		try {
			return Files.readString(this.log);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static FaultClient join(Sockets sockets) {
		FaultClient client = sockets.open();
		assertThat(client.ask("{'id':1,'connect':{}}").has("connect")).isTrue();
		assertThat(client.ask("{'id':2,'subscribe':{'channel':'chat:limit'}}").has("subscribe")).isTrue();
		return client;
	}

	/** Let the first member publish, and check that all get everything. */
	private static void publish(List<FaultClient> members) {
		for (int i = 0; i < MESSAGES; i++) {
			members.get(0)
				.send("{'id':" + (i + 10) + ",'publish':{'channel':'chat:limit','data':{'text':'" + i + "'}}}");
		}
		for (FaultClient member : members) {
			for (int i = 0; i < MESSAGES; i++) {
				assertThat(member.nextPublication().at("/data/text").asString()).isEqualTo(String.valueOf(i));
			}
		}
	}

}
