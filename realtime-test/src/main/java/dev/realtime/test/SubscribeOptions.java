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

import dev.realtime.StreamPosition;
import org.jspecify.annotations.Nullable;

/**
 * How to subscribe to a room.
 *
 * @param token shows that the client may, empty for none
 * @param data something for the application, or {@code null}
 * @param since from where on the client wants what it missed, or {@code null} not to
 * recover
 * @param joinLeave whether the client wants to know who comes and goes
 * @param rejectUnrecoverable whether error 112 is wanted if what was missed is not there
 * any more
 * @since 0.1.0
 */
public record SubscribeOptions(String token, @Nullable Object data, @Nullable StreamPosition since, boolean joinLeave,
		boolean rejectUnrecoverable) {

	/** No options. */
	public static final SubscribeOptions NONE = new SubscribeOptions("", null, null, false, false);

	/**
	 * Set the token.
	 * @param token the token
	 * @return the changed options
	 */
	public SubscribeOptions token(String token) {
		return new SubscribeOptions(token, this.data, this.since, this.joinLeave, this.rejectUnrecoverable);
	}

	/**
	 * Set something for the application.
	 * @param data anything that the JSON mapper can write
	 * @return the changed options
	 */
	public SubscribeOptions data(@Nullable Object data) {
		return new SubscribeOptions(this.token, data, this.since, this.joinLeave, this.rejectUnrecoverable);
	}

	/**
	 * Ask for what came after a position.
	 * @param since the position, exclusive, or {@code null} not to
	 * @return the changed options
	 */
	public SubscribeOptions recover(@Nullable StreamPosition since) {
		return new SubscribeOptions(this.token, this.data, since, this.joinLeave, this.rejectUnrecoverable);
	}

	/**
	 * Ask to be told who comes and goes.
	 * @return the changed options
	 */
	public SubscribeOptions withJoinLeave() {
		return new SubscribeOptions(this.token, this.data, this.since, true, this.rejectUnrecoverable);
	}

	/**
	 * Ask for error 112 if what was missed is not there any more.
	 * @return the changed options
	 */
	public SubscribeOptions withUnrecoverableRejected() {
		return new SubscribeOptions(this.token, this.data, this.since, this.joinLeave, true);
	}

}
