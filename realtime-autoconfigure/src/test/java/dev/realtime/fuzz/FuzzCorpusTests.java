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

package dev.realtime.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThatCode;

/**
 * Plays the inputs that are kept, as they are and cut off anywhere. How to look for new
 * ones is in {@code docs/limits.md}.
 */
class FuzzCorpusTests {

	private static final Path CORPUS = Path.of("src/test/resources/fuzz");

	private static final Map<String, Consumer<byte[]>> FUZZERS = Map.of("json", JsonFuzzer::fuzzerTestOneInput,
			"protobuf", ProtobufFuzzer::fuzzerTestOneInput, "envelope", EnvelopeFuzzer::fuzzerTestOneInput);

	static Stream<Arguments> inputs() {
		return FUZZERS.keySet().stream().sorted().flatMap((name) -> {
			try (Stream<Path> files = Files.list(CORPUS.resolve(name))) {
				return files.sorted()
					.map((file) -> Arguments.of(name, file.getFileName().toString()))
					.toList()
					.stream();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		});
	}

	@ParameterizedTest
	@MethodSource("inputs")
	void anInputIsReadOrRefused(String fuzzer, String file) throws IOException {
		byte[] input = Files.readAllBytes(CORPUS.resolve(fuzzer).resolve(file));
		Consumer<byte[]> target = FUZZERS.get(fuzzer);
		for (int length = input.length; length >= 0; length -= Math.max(1, input.length / 200)) {
			byte[] start = Arrays.copyOf(input, length);
			assertThatCode(() -> target.accept(start)).as(() -> Arrays.toString(start)).doesNotThrowAnyException();
		}
		Random random = new Random(file.hashCode());
		for (int i = 0; i < 2_000 && input.length > 0; i++) {
			byte[] changed = input.clone();
			changed[random.nextInt(input.length)] = (byte) random.nextInt(256);
			changed[random.nextInt(input.length)] ^= (byte) (1 << random.nextInt(8));
			assertThatCode(() -> target.accept(changed)).as(() -> Arrays.toString(changed)).doesNotThrowAnyException();
		}
	}

}
