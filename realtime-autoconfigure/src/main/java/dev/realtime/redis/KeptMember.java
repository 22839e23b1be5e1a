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

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import dev.realtime.Member;
import dev.realtime.protocol.ProtocolException;
import dev.realtime.relay.EnvelopeCodec;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * A member as Redis keeps it: the node, a line feed, the member. If it is expected back,
 * a tab and the end of that, in ms by the clock of Redis, follow the node.
 *
 * @param owner the node with its incarnation
 * @param expected whether it is expected back
 * @param member the member
 */
record KeptMember(String owner, boolean expected, Member member) {

	private static final LimitedLog logger = new LimitedLog(LogFactory.getLog(KeptMember.class));

	byte[] bytes() {
		byte[] name = RedisKeys.bytes(this.owner + "\n");
		byte[] content = EnvelopeCodec.encode(this.member);
		byte[] result = Arrays.copyOf(name, name.length + content.length);
		System.arraycopy(content, 0, result, name.length, content.length);
		return result;
	}

	/**
	 * Read a member.
	 * @return the member, or {@code null} if it is none
	 */
	static @Nullable KeptMember read(byte[] bytes) {
		int end = 0;
		while (end < bytes.length && bytes[end] != '\n') {
			end++;
		}
		try {
			if (end < bytes.length) {
				String[] head = new String(bytes, 0, end, StandardCharsets.UTF_8).split("\t", 2);
				return new KeptMember(head[0], head.length > 1,
						EnvelopeCodec.decodeMember(Arrays.copyOfRange(bytes, end + 1, bytes.length)));
			}
		}
		catch (ProtocolException ex) {
			// Told below
		}
		logger.warn("member", "Something among the members of a room in Redis is none");
		return null;
	}

}
