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

/**
 * What a presence store says of a member that it has added.
 *
 * @param occupancy how many members the room has now
 * @param back whether it has taken the place of one that was expected back, so that for
 * the others nobody has come or gone
 * @since 0.1.0
 */
public record Arrival(int occupancy, boolean back) {

}
