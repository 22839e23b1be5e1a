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

import dev.realtime.ErrorCode;
import dev.realtime.Member;
import dev.realtime.test.RealtimeEvent.Published;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ListAssert;
import org.assertj.core.api.ObjectAssert;

/**
 * Assertions about the reply to a command.
 *
 * @since 0.1.0
 */
public final class RealtimeReplyAssert extends AbstractAssert<RealtimeReplyAssert, RealtimeReply> {

	RealtimeReplyAssert(RealtimeReply actual) {
		super(actual, RealtimeReplyAssert.class);
	}

	/**
	 * Check that the command succeeded.
	 * @return this assertion
	 */
	public RealtimeReplyAssert isSuccessful() {
		expect(this.actual.isSuccess(), "a success");
		return this;
	}

	/**
	 * Check that the command was answered with an error.
	 * @param code the number of the error
	 * @return this assertion
	 */
	public RealtimeReplyAssert hasError(int code) {
		expect(!this.actual.isDisconnected() && this.actual.code() == code, "error " + code);
		return this;
	}

	/**
	 * Check that the command was answered with an error.
	 * @param error the error
	 * @return this assertion
	 */
	public RealtimeReplyAssert hasError(ErrorCode error) {
		return hasError(error.code());
	}

	/**
	 * Check the text of the error or the reason of the close.
	 * @param message the text
	 * @return this assertion
	 */
	public RealtimeReplyAssert hasMessage(String message) {
		expect(this.actual.message().equals(message), "the message '" + message + "'");
		return this;
	}

	/**
	 * Check that the connection ended instead of an answer.
	 * @param code the close code
	 * @return this assertion
	 */
	public RealtimeReplyAssert isDisconnectedWith(int code) {
		expect(this.actual.isDisconnected() && this.actual.code() == code, "a disconnect with " + code);
		return this;
	}

	/**
	 * Check that all that was missed came with the reply to a subscribe.
	 * @return this assertion
	 */
	public RealtimeReplyAssert isRecovered() {
		isSuccessful();
		expect(this.actual.isRecovered(), "recovered");
		return this;
	}

	/**
	 * Check that the reply to a subscribe says that what was missed is lost.
	 * @return this assertion
	 */
	public RealtimeReplyAssert isNotRecovered() {
		isSuccessful();
		expect(!this.actual.isRecovered(), "not recovered");
		return this;
	}

	/**
	 * Go on with the publications that were read or recovered.
	 * @return an assertion about the publications
	 */
	public ListAssert<Published> publications() {
		isSuccessful();
		return Assertions.assertThat(this.actual.publications()).as("publications of " + this.actual);
	}

	/**
	 * Go on with the members of the room.
	 * @return an assertion about the members
	 */
	public ListAssert<Member> members() {
		isSuccessful();
		return Assertions.assertThat(this.actual.members()).as("members of " + this.actual);
	}

	/**
	 * Go on with what the application answered.
	 * @param <T> what to read it as
	 * @param type what to read it as
	 * @return an assertion about the data
	 */
	public <T> ObjectAssert<T> dataAs(Class<T> type) {
		isSuccessful();
		return Assertions.assertThatObject(this.actual.dataAs(type)).as("data of " + this.actual);
	}

	private void expect(boolean condition, String expected) {
		if (!condition) {
			failWithMessage(Messages.format("Expected %s, but %s", expected, this.actual));
		}
	}

}
