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

package dev.realtime.test;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.realtime.test.RealtimeEvent.Published;
import tools.jackson.databind.json.JsonMapper;

/**
 * Assertions about what was published in a room, in the order in which the client got it.
 *
 * @since 0.1.0
 */
public final class PublicationsAssert extends AbstractReceivedAssert<PublicationsAssert, Published> {

	PublicationsAssert(RealtimeTestClient client, Supplier<List<Published>> source, Duration timeout,
			String description) {
		super(client, PublicationsAssert.class, source, timeout, description);
	}

	/**
	 * Go on with the payloads as plain values: maps, lists, texts, numbers and truth
	 * values.
	 * @return an assertion about the payloads
	 */
	public ReceivedAssert<Object> payloads() {
		return payloadsAs(Object.class);
	}

	/**
	 * Go on with the payloads as objects.
	 * @param <T> what to read each payload as
	 * @param type what to read each payload as
	 * @return an assertion about the payloads
	 */
	public <T> ReceivedAssert<T> payloadsAs(Class<T> type) {
		JsonMapper mapper = this.actual.options().mapper();
		return extracting((publication) -> mapper.treeToValue(publication.data(), type), "payloads of ");
	}

	/**
	 * Go on with the offsets.
	 * @return an assertion about the offsets
	 */
	public ReceivedAssert<Long> offsets() {
		return extracting(Published::offset, "offsets of ");
	}

	private <T> ReceivedAssert<T> extracting(Function<Published, T> function, String description) {
		return new ReceivedAssert<>(this.actual, () -> source().get().stream().map(function).toList(), timeout(),
				description + descriptionText());
	}

	/**
	 * Check that the offsets of what is there by now follow each other: nothing is
	 * missing, nothing came twice or too late. For rooms that have a history.
	 * @return this assertion
	 */
	public PublicationsAssert hasNoHoles() {
		long[] offsets = source().get().stream().mapToLong(Published::offset).toArray();
		for (int i = 0; i < offsets.length; i++) {
			if (offsets[i] == 0) {
				failWithMessage(Messages.format("Expected offsets that follow each other, but the room has none: %s",
						source().get()));
			}
			if (i > 0 && offsets[i] != offsets[i - 1] + 1) {
				failWithMessage(Messages.format("Expected offsets that follow each other, but %d comes after %d: %s",
						offsets[i], offsets[i - 1], Arrays.toString(offsets)));
			}
		}
		return this;
	}

}
