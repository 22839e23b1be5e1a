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
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The code blocks of {@code README.md}.
 */
final class Readme {

	private static final Pattern BLOCK = Pattern.compile("^```(\\w+)\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

	private final List<MatchResult> blocks;

	Readme() {
		try {
			this.blocks = BLOCK.matcher(Files.readString(Path.of("..", "README.md"))).results().toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return the first block in a language.
	 * @param language the language
	 * @return the text between the fences
	 */
	String first(String language) {
		return first(language, "");
	}

	/**
	 * Return all blocks in a language.
	 * @param language the language
	 * @return the texts between the fences
	 */
	List<String> all(String language) {
		return this.blocks.stream()
			.filter((block) -> block.group(1).equals(language))
			.map((block) -> block.group(2))
			.toList();
	}

	/**
	 * Return the first block in a language that contains a text.
	 * @param language the language
	 * @param text the text
	 * @return the text between the fences
	 */
	String first(String language, String text) {
		return all(language).stream().filter((block) -> block.contains(text)).findFirst().orElseThrow();
	}

	/**
	 * Compile Java as an application with its parameters' names is.
	 * @param directory where source and classes are put
	 * @param source classes of the default package
	 */
	static void compile(Path directory, String source) throws IOException {
		Path file = Files.writeString(directory.resolve("Blocks.java"), source);
		StringWriter messages = new StringWriter();
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
		boolean compiled = compiler
			.getTask(messages, files, null, List.of("-d", directory.toString(), "-parameters", "-proc:none", "-cp",
					System.getProperty("java.class.path")), null, files.getJavaFileObjects(file))
			.call();
		assertThat(compiled).as(messages.toString()).isTrue();
	}

}
