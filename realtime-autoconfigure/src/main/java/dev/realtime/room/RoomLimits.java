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

package dev.realtime.room;

import java.time.Duration;

/**
 * The bounds of recovery, fan-out and absence.
 *
 * @param recoveryPublications at most so many missed publications are recovered
 * @param recoveryBytes at most so many bytes of them, so that they fit into the queue
 * @param batchBytes up to how many bytes are joined to one frame
 * @param leaveGrace for how long a member stays whose connection is lost, possibly zero
 * @param provisional whether publications may be delivered ahead of their place in the
 * stream
 * @since 0.1.0
 */
public record RoomLimits(int recoveryPublications, int recoveryBytes, int batchBytes, Duration leaveGrace,
		boolean provisional) {

}
