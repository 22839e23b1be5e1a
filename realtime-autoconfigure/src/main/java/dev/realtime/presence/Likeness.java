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

package dev.realtime.presence;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

import dev.realtime.Member;
import org.jspecify.annotations.Nullable;

/**
 * By what a member is recognized that comes back as another session: its user and all
 * that is said about the connection and the subscription. Of an anonymous member without
 * any information nothing is known that would tell it from the next one, so it is never
 * recognized.
 *
 * @since 0.1.0
 */
public final class Likeness {

	private static final int LENGTH = 16;

	private Likeness() {
	}

	/**
	 * Return by what a member is recognized.
	 * @param member the member
	 * @return 32 letters and digits, the same for members that look the same, or
	 * {@code null} if it cannot be recognized
	 */
	public static @Nullable String of(Member member) {
		boolean unknown = member.user().isEmpty() && member.connectionInfo().length() == 0
				&& member.roomInfo().length() == 0;
		return unknown ? null : digest(member);
	}

	private static String digest(Member member) {
		try {
			MessageDigest digest = MessageDigest.getInstance("SHA-256");
			update(digest, member.user().getBytes(StandardCharsets.UTF_8));
			update(digest, member.connectionInfo().bytes());
			update(digest, member.roomInfo().bytes());
			return HexFormat.of().formatHex(digest.digest(), 0, LENGTH);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** With its length, so that parts cannot be taken for each other. */
	private static void update(MessageDigest digest, byte[] part) {
		digest.update((part.length + ":").getBytes(StandardCharsets.US_ASCII));
		digest.update(part);
	}

}
