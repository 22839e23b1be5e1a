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

import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import org.jspecify.annotations.Nullable;

/**
 * Seals control messages, so that those of other applications and those that were made by
 * hand are told from those of this application's nodes. It protects as much as its key is
 * a secret: without one, from accidents only. Thread-safe.
 */
final class ControlSeal {

	private static final String ALGORITHM = "HmacSHA256";

	private static final byte VERSION = '1';

	private static final int LENGTH = 16;

	private static final int HEAD = 1 + LENGTH;

	private final byte[] key;

	/**
	 * Create a seal.
	 * @param application what is different for other applications, not empty
	 * @param secret what only the nodes of this one know, or {@code null}
	 */
	ControlSeal(String application, @Nullable String secret) {
		byte[] own = RedisKeys.bytes(application);
		this.key = (secret != null) ? mac(RedisKeys.bytes(secret)).doFinal(own) : own;
	}

	/**
	 * Seal something.
	 * @return a version, the seal, and the content
	 */
	byte[] close(byte[] content) {
		byte[] result = new byte[HEAD + content.length];
		result[0] = VERSION;
		System.arraycopy(seal(content), 0, result, 1, LENGTH);
		System.arraycopy(content, 0, result, HEAD, content.length);
		return result;
	}

	/**
	 * Return what is sealed, or null if it has not been sealed by this application.
	 */
	byte @Nullable [] open(byte[] message) {
		if (message.length < HEAD || message[0] != VERSION) {
			return null;
		}
		byte[] content = Arrays.copyOfRange(message, HEAD, message.length);
		byte[] found = Arrays.copyOfRange(message, 1, HEAD);
		return MessageDigest.isEqual(found, Arrays.copyOf(seal(content), LENGTH)) ? content : null;
	}

	private byte[] seal(byte[] content) {
		Mac mac = mac(this.key);
		mac.update(VERSION);
		return mac.doFinal(content);
	}

	private static Mac mac(byte[] key) {
		try {
			Mac mac = Mac.getInstance(ALGORITHM);
			mac.init(new SecretKeySpec(key, ALGORITHM));
			return mac;
		}
		catch (NoSuchAlgorithmException | InvalidKeyException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
