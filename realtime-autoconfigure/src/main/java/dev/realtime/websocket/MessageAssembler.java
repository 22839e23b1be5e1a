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

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * Makes whole messages of the parts in which a container delivers them. The size is
 * limited in bytes of UTF-8, over all parts, and so is the number of parts. A message
 * that exceeds either is reported once, and nothing is taken any more.
 * <p>
 * Called by one thread at a time. The messages are either all text or all binary.
 */
final class MessageAssembler {

	static final int MAX_PARTS = 1024;

	/**
	 * A container delivers a large frame in parts of its own, but not in smaller ones.
	 */
	private static final int MIN_BUFFER = 128;

	private final int maxBytes;

	private final int maxParts;

	private final Consumer<byte[]> messages;

	private final Runnable oversized;

	private @Nullable StringBuilder text;

	private @Nullable ByteArrayOutputStream binary;

	private int bytes;

	private int parts;

	private boolean ended;

	/**
	 * Create an assembler.
	 * @param maxBytes how large a message may be
	 * @param messages gets each message
	 * @param oversized called when one is too large
	 */
	MessageAssembler(int maxBytes, Consumer<byte[]> messages, Runnable oversized) {
		this.maxBytes = maxBytes;
		this.maxParts = Math.max(MAX_PARTS, maxBytes / MIN_BUFFER);
		this.messages = messages;
		this.oversized = oversized;
	}

	/**
	 * Take a part of a text. A surrogate pair may be split between two parts.
	 * @param part the part
	 * @param last whether it completes the message
	 */
	void text(String part, boolean last) {
		if (!admit(utf8Length(part))) {
			return;
		}
		if (last && this.text == null) {
			deliver(part.getBytes(StandardCharsets.UTF_8));
			return;
		}
		StringBuilder builder = (this.text != null) ? this.text : new StringBuilder(part.length() * 2);
		builder.append(part);
		this.text = builder;
		if (last) {
			deliver(builder.toString().getBytes(StandardCharsets.UTF_8));
		}
	}

	/**
	 * Take a part of a binary message.
	 * @param part the part, which is copied
	 * @param last whether it completes the message
	 */
	void binary(ByteBuffer part, boolean last) {
		if (!admit(part.remaining())) {
			return;
		}
		byte[] copy = new byte[part.remaining()];
		part.get(copy);
		if (last && this.binary == null) {
			deliver(copy);
			return;
		}
		ByteArrayOutputStream stream = (this.binary != null) ? this.binary : new ByteArrayOutputStream(copy.length * 2);
		stream.writeBytes(copy);
		this.binary = stream;
		if (last) {
			deliver(stream.toByteArray());
		}
	}

	/**
	 * Take nothing any more.
	 */
	void end() {
		this.ended = true;
		reset();
	}

	private boolean admit(int length) {
		if (this.ended) {
			return false;
		}
		this.parts++;
		if (this.parts > this.maxParts || length > this.maxBytes - this.bytes) {
			end();
			this.oversized.run();
			return false;
		}
		this.bytes += length;
		return true;
	}

	private void deliver(byte[] message) {
		reset();
		this.messages.accept(message);
	}

	private void reset() {
		this.text = null;
		this.binary = null;
		this.bytes = 0;
		this.parts = 0;
	}

	/**
	 * Half a surrogate pair counts 2, so that the sum is right wherever a text is cut.
	 */
	private static int utf8Length(String text) {
		int result = text.length();
		for (int i = 0; i < text.length(); i++) {
			char character = text.charAt(i);
			if (character >= 0x80) {
				result += (character < 0x800 || Character.isSurrogate(character)) ? 1 : 2;
			}
		}
		return result;
	}

}
