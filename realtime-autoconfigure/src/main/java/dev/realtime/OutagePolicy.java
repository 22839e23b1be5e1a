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

/**
 * What becomes of a publication while the broker that joins the nodes is down.
 *
 * @since 0.1.0
 */
public enum OutagePolicy {

	/** It fails: the caller is told, a surrounding transaction rolls back. */
	FAIL,

	/**
	 * It is stored, and goes out when the broker is back, in the order of its room and
	 * before what this node publishes there later.
	 */
	SPILL,

	/**
	 * Members on this node get it at once, those on other nodes never. Nothing is
	 * promised.
	 */
	LOCAL

}
