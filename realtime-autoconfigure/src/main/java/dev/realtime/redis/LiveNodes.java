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

import java.util.Set;

/**
 * Knows which nodes are alive. Thread-safe; nothing blocks. The sets do not change any
 * more.
 */
interface LiveNodes {

	/**
	 * Return the name of this node, as the others know it.
	 */
	String self();

	/**
	 * Return the names of the other nodes that are alive, as these call themselves. While
	 * that cannot be found out, or not be relied on yet after an outage, those that were
	 * alive before are among them.
	 */
	Set<String> others();

}
