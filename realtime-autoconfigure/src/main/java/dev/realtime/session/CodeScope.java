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

package dev.realtime.session;

import dev.realtime.RealtimeSession;

/**
 * What the application's code finds around it when it runs for a session, such as who the
 * current user is, and what becomes of what it throws. Thread-safe.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface CodeScope {

	/** There is nothing around it. */
	CodeScope NONE = (session, code) -> code.run();

	/**
	 * Run code of the application, and leave nothing behind on the thread.
	 * @param session whose code it is; who its user is may become known or change
	 * meanwhile
	 * @param code the code
	 */
	void run(RealtimeSession session, Runnable code);

	/**
	 * Return what the client is to be told of a failure.
	 * @param failure what the code has thrown
	 * @return a {@link dev.realtime.RealtimeException} if the client may know, else the
	 * failure
	 */
	default Throwable explain(Throwable failure) {
		return failure;
	}

}
