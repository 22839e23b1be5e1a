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

import org.jspecify.annotations.Nullable;

/**
 * Which part of the history of a room to read.
 *
 * @param limit at most so many publications; 0 reads the position of the newest one only,
 * -1 everything there is
 * @param since start behind this position, exclusively, or {@code null} to start at the
 * oldest (newest, if reversed) publication
 * @param reverse whether to read from the newest to the oldest
 * @since 0.1.0
 */
public record HistoryQuery(int limit, @Nullable StreamPosition since, boolean reverse) {

	/**
	 * Ask for the newest publications, newest first.
	 * @param limit at most so many
	 * @return the query
	 */
	public static HistoryQuery newest(int limit) {
		return new HistoryQuery(limit, null, true);
	}

	/**
	 * Ask for what came after a position, oldest first.
	 * @param position the position, exclusive
	 * @param limit at most so many
	 * @return the query
	 */
	public static HistoryQuery after(StreamPosition position, int limit) {
		return new HistoryQuery(limit, position, false);
	}

}
