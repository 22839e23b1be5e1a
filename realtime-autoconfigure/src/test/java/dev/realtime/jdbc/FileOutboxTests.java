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

package dev.realtime.jdbc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.realtime.outbox.Outbox;
import dev.realtime.outbox.OutboxException;
import dev.realtime.outbox.OutboxMessage;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the file of {@link FileOutbox}: who can read it, who can open it, and what is
 * in it after the worst.
 */
@ExtendWith(OutputCaptureExtension.class)
class FileOutboxTests {

	@TempDir
	private Path directory;

	@Test
	void nobodyElseCanReadIt(CapturedOutput output) throws IOException {
		Path path = this.directory.resolve("new/deep/outbox");
		try (FileOutbox outbox = open(path)) {
			outbox.outbox().store(OutboxContract.messages("chat:a", 0, 1));
			assertThat(permissions(path.getParent())).isEqualTo("rwx------");
			assertThat(permissions(this.directory.resolve("new/deep/outbox.mv.db"))).isEqualTo("rw-------");
		}
		assertThat(output).doesNotContain("can be read by everybody");
	}

	@Test
	void aDirectoryThatEverybodyCanReadIsWarnedOf(CapturedOutput output) throws IOException {
		Files.setPosixFilePermissions(this.directory, PosixFilePermissions.fromString("rwxr-xr-x"));
		Files.createFile(this.directory.resolve("outbox.mv.db"),
				PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")));
		try (FileOutbox outbox = open(this.directory.resolve("outbox"))) {
			assertThat(outbox.outbox().backlog().messages()).isZero();
		}
		assertThat(output).contains("WARN").contains("can be read by everybody: " + this.directory);
		assertThat(permissions(this.directory.resolve("outbox.mv.db"))).isEqualTo("rw-------");
	}

	private static String permissions(Path path) throws IOException {
		return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
	}

	@Test
	void whatIsNoOutboxIsNotOpened() throws IOException {
		Files.writeString(this.directory.resolve("outbox.mv.db"), "something else".repeat(1_000));
		assertThatExceptionOfType(OutboxException.class).isThrownBy(() -> open(this.directory.resolve("outbox")))
			.withMessageContaining("cannot be opened");
		assertThatExceptionOfType(OutboxException.class).isThrownBy(() -> open(this.directory.resolve("outbox;INIT=x")))
			.withMessageContaining("semicolon");
	}

	@Test
	void whatWaitsIsThereAfterAStart() {
		try (FileOutbox outbox = open(this.directory.resolve("outbox"))) {
			outbox.outbox().store(OutboxContract.messages("chat:a", 0, 3));
		}
		try (FileOutbox outbox = open(this.directory.resolve("outbox"))) {
			assertThat(outbox.outbox().read("chat:a", 10)).hasSize(3);
		}
	}

	@Test
	@Tag("fault")
	void anotherProcessCannotOpenIt() {
		String path = this.directory.resolve("outbox").toString();
		try (ChildJvm child = ChildJvm.start(FileOutboxChild.class, path, "0")) {
			assertThat(child.line("stored")).isNotNull();
			assertThatExceptionOfType(OutboxException.class).isThrownBy(() -> open(Path.of(path)))
				.withMessage("The outbox " + path + " cannot be opened: another process has opened it");
		}
		open(Path.of(path)).close();
	}

	@Test
	@Tag("fault")
	void whatHasBeenStoredIsThereWhenTheProcessIsGone() {
		String path = this.directory.resolve("outbox").toString();
		try (ChildJvm child = ChildJvm.start(FileOutboxChild.class, path, "2000")) {
			assertThat(child.line("stored")).isEqualTo("stored 2000");
			assertThat(child.line("end")).isNull();
		}
		try (FileOutbox outbox = open(Path.of(path))) {
			assertThat(OutboxContract.texts(outbox.outbox().read("chat:a", 3_000)))
				.isEqualTo(IntStream.range(0, 2_000).mapToObj(Integer::toString).toList());
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 4 })
	@Tag("fault")
	void aFullDiskIsToldAndGoesByWithoutAStart(int megabytes) throws Exception {
		mount(megabytes);
		try {
			List<String> stored = new ArrayList<>();
			try (FileOutbox opened = open(this.directory.resolve("outbox"))) {
				for (int round = 0; round < 3; round++) {
					fillAndFree(opened.outbox(), megabytes, round, stored);
				}
			}
			try (FileOutbox opened = open(this.directory.resolve("outbox"))) {
				assertThat(opened.outbox().read("chat:a", 10_000)).extracting(OutboxMessage::id)
					.containsSubsequence(stored)
					.hasSizeLessThanOrEqualTo(stored.size() + 3);
			}
		}
		finally {
			run("umount", "-l", this.directory.toString());
		}
	}

	private void mount(int megabytes) throws Exception {
		boolean mounted = run("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs",
				this.directory.toString());
		if (!mounted && "true".equals(System.getenv("CI"))) {
			throw new IllegalStateException("A small file system cannot be mounted, and with CI=true it has to be");
		}
		Assumptions.assumeTrue(mounted, "A small file system cannot be mounted here: that needs root");
	}

	/** What was acknowledged is there, before and after there is space again. */
	private void fillAndFree(Outbox outbox, int megabytes, int round, List<String> stored) throws IOException {
		long free = Files.getFileStore(this.directory).getUsableSpace();
		Path filler = Files.write(this.directory.resolve("filler"), new byte[(int) (free * 2 / 3)]);
		stored.addAll(fill(outbox, round));
		assertThatExceptionOfType(OutboxException.class).isThrownBy(() -> store(outbox, "full-" + round, 100_000));
		Files.delete(filler);
		long start = System.nanoTime();
		await().atMost(Duration.ofSeconds(2)).ignoreExceptions().until(() -> store(outbox, "later-" + round, 1_000));
		System.out.printf("A disk of %d MB that was full after %d messages: %d ms%n", megabytes, stored.size(),
				TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
		stored.add("later-" + round);
		assertThat(outbox.read("chat:a", 10_000)).extracting(OutboxMessage::id).containsSubsequence(stored);
	}

	private static List<String> fill(Outbox outbox, int round) {
		List<String> stored = new ArrayList<>();
		assertThatExceptionOfType(OutboxException.class).isThrownBy(() -> {
			for (int i = 0; i < 10_000; i++) {
				store(outbox, "id-" + round + "-" + i, 1_000);
				stored.add("id-" + round + "-" + i);
			}
		}).withMessageContaining("could not be stored");
		return stored;
	}

	private static boolean store(Outbox outbox, String id, int bytes) {
		return !outbox.store(List.of(new OutboxMessage(0, "chat:a", id, new byte[bytes]))).isEmpty();
	}

	private static boolean run(String... command) throws IOException, InterruptedException {
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		return process.waitFor(5, TimeUnit.SECONDS) && process.exitValue() == 0;
	}

	private static FileOutbox open(Path path) {
		return new FileOutbox(path.toString(), OutboxContract.LIMITS, "node");
	}

}
