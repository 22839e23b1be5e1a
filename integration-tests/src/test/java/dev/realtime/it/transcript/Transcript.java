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

package dev.realtime.it.transcript;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * One exchange between clients and the server. A file holds several: {@code ##} begins
 * one, lines that start with a tab or four spaces are its script, all others explain it.
 *
 * @param file the name of the file
 * @param title what the exchange shows
 * @param lines the script
 */
record Transcript(String file, String title, List<Line> lines) {

	/**
	 * Read all transcripts of a directory.
	 * @param directory the directory
	 * @return the transcripts
	 */
	static List<Transcript> in(Path directory) {
		try (Stream<Path> files = Files.list(directory)) {
			return files.filter((file) -> file.toString().endsWith(".txt"))
				.sorted()
				.flatMap((file) -> read(file).stream())
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static List<Transcript> read(Path file) {
		List<Transcript> result = new ArrayList<>();
		List<String> lines = lines(file);
		for (int i = 0; i < lines.size(); i++) {
			String line = lines.get(i);
			if (line.startsWith("## ")) {
				result.add(new Transcript(file.getFileName().toString(), line.substring(3), new ArrayList<>()));
			}
			else if (line.startsWith("    ") || line.startsWith("\t")) {
				result.get(result.size() - 1).lines.add(Line.parse(i + 1, line.strip()));
			}
		}
		return result;
	}

	private static List<String> lines(Path file) {
		try {
			return Files.readAllLines(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return what a directive says.
	 * @param name the name of the directive
	 * @return the rest of its line, or {@code null} if it is not there
	 */
	@Nullable String directive(String name) {
		return this.lines.stream().filter((line) -> line.sign().equals(name)).map(Line::text).findFirst().orElse(null);
	}

	/**
	 * Return the codecs that the transcript is written for.
	 * @return both, unless it says otherwise
	 */
	List<Codec> codecs() {
		String only = directive("@codec");
		return (only != null) ? List.of(Codec.of(only)) : List.of(Codec.values());
	}

	/**
	 * Return the server that the transcript needs.
	 * @return its name
	 */
	String server() {
		String server = directive("@server");
		return (server != null) ? server : "main";
	}

	@Override
	public String toString() {
		return this.file + ": " + this.title;
	}

}
