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
import java.util.ArrayList;
import java.util.List;

import dev.realtime.StreamPosition;
import org.jspecify.annotations.Nullable;

/**
 * What has become of messages that were sent together: those that have a position were
 * accepted.
 *
 * @param positions the positions of the first messages
 * @param top the offset of the last of them
 * @param rest what became of the others
 * @param error why they were not accepted, empty if all were
 */
record PublishReply(List<StreamPosition> positions, @Nullable StreamPosition top, RedisFailure rest, String error) {

	static PublishReply of(List<Object> reply, int count) {
		String epoch = text(reply.get(0));
		List<StreamPosition> positions = new ArrayList<>(count);
		StreamPosition top = null;
		String error = "";
		for (Object item : reply.subList(1, reply.size())) {
			String text = text(item);
			if (!isNumber(text)) {
				error = text;
				break;
			}
			top = new StreamPosition(Long.parseLong(text), epoch);
			positions.add(top);
		}
		return new PublishReply(positions, top, error.isEmpty() ? RedisFailure.REFUSED : RedisFailure.of(error), error);
	}

	static PublishReply failed(@Nullable Throwable failure) {
		Throwable cause = (failure != null) ? RedisNode.unwrap(failure) : new NotConnectedException();
		return new PublishReply(List.of(), null, RedisFailure.of(cause), String.valueOf(cause.getMessage()));
	}

	private static boolean isNumber(String text) {
		return !text.isEmpty() && text.chars().allMatch((c) -> c >= '0' && c <= '9');
	}

	private static String text(Object item) {
		return new String((byte[]) item, StandardCharsets.UTF_8);
	}

	/**
	 * Return by what failures are told apart.
	 */
	String cause() {
		return RedisFailure.code(this.error);
	}

}
