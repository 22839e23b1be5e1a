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

package dev.realtime.jdbc;

import java.io.IOException;

/**
 * Opens a {@link FileOutbox}, stores messages and ends without closing anything, or goes
 * on having it open.
 */
public final class FileOutboxChild {

	private FileOutboxChild() {
	}

	/**
	 * Run.
	 * @param arguments the path, and how many messages to store
	 */
	public static void main(String[] arguments) throws IOException {
		FileOutbox outbox = new FileOutbox(arguments[0], OutboxContract.LIMITS, "child");
		int messages = Integer.parseInt(arguments[1]);
		for (int i = 0; i < messages; i++) {
			outbox.outbox().store(OutboxContract.messages("chat:a", i, 1));
		}
		System.out.println("stored " + messages);
		if (messages == 0) {
			System.in.read();
		}
		Runtime.getRuntime().halt(0);
	}

}
