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

package dev.realtime;

import java.util.Collection;
import java.util.List;

/**
 * What an operator can see of the outbox, and do about publications that it has given up:
 * inject it anywhere. Where there is no outbox nothing waits. Thread-safe. The methods
 * block, as they ask the store, and throw a runtime exception if that does not answer.
 *
 * @since 0.1.0
 */
public interface OutboxOperations {

	/**
	 * Count what waits, on behalf of all nodes that share the outbox. Not for every
	 * request: for that there are the meters {@code realtime.outbox.*}.
	 * @return the backlog
	 */
	OutboxBacklog backlog();

	/**
	 * Return publications that were given up.
	 * @param max at most so many
	 * @return those that were stored first
	 */
	List<ParkedMessage> parked(int max);

	/**
	 * Try publications that were given up once more. They go out soon, behind what their
	 * rooms have got since.
	 * @param rows their rows; others are left alone
	 * @return how many there were
	 */
	int retry(Collection<Long> rows);

	/**
	 * Try all publications that were given up once more.
	 * @return how many there were
	 */
	int retryAll();

	/**
	 * Remove publications that were given up, for good.
	 * @param rows their rows; others are left alone
	 * @return how many there were
	 */
	int discard(Collection<Long> rows);

}
