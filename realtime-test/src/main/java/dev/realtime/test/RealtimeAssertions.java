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

/**
 * Assertions about clients in tests. Those about what is still on its way wait for it, as
 * long as the client's timeout at most. To be imported statically; AssertJ's own
 * {@code assertThat} does the same.
 *
 * @since 0.1.0
 */
public final class RealtimeAssertions {

	private RealtimeAssertions() {
	}

	/**
	 * Begin an assertion about a client.
	 * @param client the client
	 * @return the assertion
	 */
	public static RealtimeTestClientAssert assertThat(RealtimeTestClient client) {
		return client.assertThat();
	}

	/**
	 * Begin an assertion about the reply to a command.
	 * @param reply the reply
	 * @return the assertion
	 */
	public static RealtimeReplyAssert assertThat(RealtimeReply reply) {
		return reply.assertThat();
	}

}
