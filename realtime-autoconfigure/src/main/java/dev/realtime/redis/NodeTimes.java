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

import java.time.Duration;

/**
 * When a node counts as dead, and how soon that is noticed.
 *
 * @param beat how often a node says that it is alive
 * @param dead the silence after which it is dead
 * @param look how often it is checked what Redis knows of this node and of dead ones
 */
record NodeTimes(Duration beat, Duration dead, Duration look) {

	static final NodeTimes DEFAULT = new NodeTimes(Duration.ofSeconds(1), Duration.ofSeconds(9), Duration.ofSeconds(3));

}
