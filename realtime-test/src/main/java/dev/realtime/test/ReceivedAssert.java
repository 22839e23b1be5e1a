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
import java.util.List;
import java.util.function.Supplier;

/**
 * Assertions about things that come one after the other.
 *
 * @param <E> the kind of the things
 * @since 0.1.0
 */
public final class ReceivedAssert<E> extends AbstractReceivedAssert<ReceivedAssert<E>, E> {

	ReceivedAssert(RealtimeTestClient client, Supplier<List<E>> source, Duration timeout, String description) {
		super(client, ReceivedAssert.class, source, timeout, description);
	}

}
