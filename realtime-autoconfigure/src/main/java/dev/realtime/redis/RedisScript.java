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

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A script that Redis runs.
 *
 * @param plain how it fans out on a single server
 * @param sharded how it fans out in a cluster
 */
record RedisScript(Text plain, Text sharded) {

	static final RedisScript PUBLISH = load("publish");

	static final RedisScript HISTORY = load("history");

	static final RedisScript CHECK = load("check");

	static final RedisScript CONTROL = load("control");

	static final RedisScript BANS = load("bans");

	static final RedisScript RESTORE = load("restore");

	static final RedisScript BEAT = load("beat");

	static final RedisScript PRESENCE = load("presence");

	static final RedisScript OWNERS = load("owners");

	static final RedisScript REAP = load("reap");

	static RedisScript load(String name) {
		try (InputStream input = RedisScript.class.getResourceAsStream(name + ".lua")) {
			if (input == null) {
				throw new IllegalStateException("There is no script " + name);
			}
			String source = new String(input.readAllBytes(), StandardCharsets.UTF_8);
			return new RedisScript(text(source), text(source.replace("'PUBLISH'", "'SPUBLISH'")));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Text text(String source) {
		byte[] bytes = source.getBytes(StandardCharsets.UTF_8);
		try {
			return new Text(bytes, HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(bytes)));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * The text of a script.
	 *
	 * @param source the text
	 * @param digest by which Redis knows it
	 */
	record Text(byte[] source, String digest) {

	}

}
