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

import java.util.ArrayList;
import java.util.List;

import dev.realtime.Member;
import dev.realtime.StreamPosition;
import dev.realtime.test.RealtimeEvent.Published;
import org.assertj.core.api.AssertProvider;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * What a command was answered with: a result, an error, or the end of the connection. Can
 * be given to AssertJ's {@code assertThat}.
 *
 * @since 0.1.0
 */
public final class RealtimeReply implements AssertProvider<RealtimeReplyAssert> {

	private final String method;

	private final String room;

	private final JsonMapper mapper;

	private final JsonNode result;

	private final int code;

	private final String message;

	private final boolean temporary;

	private final boolean disconnected;

	private RealtimeReply(Question question, JsonNode result, int code, String message, boolean temporary,
			boolean disconnected) {
		this.method = question.method();
		this.room = question.room();
		this.mapper = question.mapper();
		this.result = result;
		this.code = code;
		this.message = message;
		this.temporary = temporary;
		this.disconnected = disconnected;
	}

	static RealtimeReply of(Question question, JsonNode reply) {
		JsonNode error = reply.path("error");
		return new RealtimeReply(question, reply.path(question.method()), error.path("code").asInt(0),
				error.path("message").asString(""), error.path("temporary").asBoolean(false), false);
	}

	static RealtimeReply disconnected(Question question, int code, String reason) {
		return new RealtimeReply(question, MissingNode.getInstance(), code, reason, false, true);
	}

	/**
	 * Return whether the command succeeded.
	 * @return {@code false} if there is an error or the connection has ended
	 */
	public boolean isSuccess() {
		return this.code == 0;
	}

	/**
	 * Return why the command failed.
	 * @return the number of the error, the close code if the connection ended instead of
	 * an answer, or 0 if the command succeeded
	 */
	public int code() {
		return this.code;
	}

	/**
	 * Return why the command failed.
	 * @return the text of the error or the reason of the close, empty if the command
	 * succeeded
	 */
	public String message() {
		return this.message;
	}

	/**
	 * Return whether a client should try again.
	 * @return {@code true} if trying again may help
	 */
	public boolean isTemporary() {
		return this.temporary;
	}

	/**
	 * Return whether the connection ended instead of an answer.
	 * @return {@code true} if {@link #code()} is a close code
	 */
	public boolean isDisconnected() {
		return this.disconnected;
	}

	/**
	 * Return this reply if the command succeeded.
	 * @return this reply
	 * @throws RealtimeTestException if it did not
	 */
	public RealtimeReply orThrow() {
		if (!isSuccess()) {
			throw new RealtimeTestException(this.code, toString(), null);
		}
		return this;
	}

	/**
	 * Return the result as it came.
	 * @return an object, perhaps empty
	 * @throws RealtimeTestException if the command failed
	 */
	public JsonNode result() {
		return orThrow().result;
	}

	/**
	 * Return what the application answered to an rpc, a subscribe or a connect.
	 * @return the data, a missing node if there is none
	 * @throws RealtimeTestException if the command failed
	 */
	public JsonNode data() {
		return result().path("data");
	}

	/**
	 * Return what the application answered to an rpc, a subscribe or a connect.
	 * @param <T> what to read it as
	 * @param type what to read it as
	 * @return the data
	 * @throws RealtimeTestException if the command failed or there is no data
	 */
	public <T> T dataAs(Class<T> type) {
		JsonNode data = data();
		if (data.isMissingNode()) {
			throw new RealtimeTestException(0, this + " without data", null);
		}
		return this.mapper.treeToValue(data, type);
	}

	/**
	 * Return what a history command has read, or what a subscribe has recovered.
	 * @return the publications
	 * @throws RealtimeTestException if the command failed
	 */
	public List<Published> publications() {
		return Wire.publications(this.room, result());
	}

	/**
	 * Return whether all that the client had missed came with the reply to a subscribe.
	 * @return {@code false} if it did not, or the client did not ask for it
	 * @throws RealtimeTestException if the command failed
	 */
	public boolean isRecovered() {
		return result().path("recovered").asBoolean(false);
	}

	/**
	 * Return the position in the reply to a subscribe or history command.
	 * @return the position, with an empty epoch if the room has none
	 * @throws RealtimeTestException if the command failed
	 */
	public StreamPosition position() {
		return Wire.position(result());
	}

	/**
	 * Return who is in the room, from the reply to a presence command.
	 * @return the members
	 * @throws RealtimeTestException if the command failed
	 */
	public List<Member> members() {
		List<Member> members = new ArrayList<>();
		result().path("presence").forEach((node) -> members.add(Wire.member(node)));
		return members;
	}

	/**
	 * Return an assertion about this reply.
	 * @return the assertion
	 */
	@Override
	public RealtimeReplyAssert assertThat() {
		return new RealtimeReplyAssert(this);
	}

	/**
	 * Return the command and its outcome as text.
	 */
	@Override
	public String toString() {
		String command = this.room.isEmpty() ? this.method : this.method + " " + this.room;
		if (isSuccess()) {
			return command + " succeeded: " + this.result;
		}
		return command + (this.disconnected ? " ended in a disconnect with " : " failed with ") + this.code + " "
				+ this.message;
	}

	/**
	 * What was asked.
	 *
	 * @param method the kind of the command
	 * @param room the name of its room or method, perhaps empty
	 * @param mapper reads the application's data
	 */
	record Question(String method, String room, JsonMapper mapper) {

	}

}
