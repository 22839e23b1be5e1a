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

import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

import dev.realtime.DisconnectReason;
import dev.realtime.test.RealtimeEvent.Disconnected;
import dev.realtime.test.RealtimeEvent.InRoom;
import dev.realtime.test.RealtimeEvent.Joined;
import dev.realtime.test.RealtimeEvent.Left;
import dev.realtime.test.RealtimeEvent.Message;
import dev.realtime.test.RealtimeEvent.Published;
import dev.realtime.test.RealtimeEvent.Unsubscribed;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Assertions about a client. What is not there yet is waited for, as long as the client's
 * timeout at most.
 *
 * @since 0.1.0
 */
public final class RealtimeTestClientAssert extends AbstractAssert<RealtimeTestClientAssert, RealtimeTestClient> {

	private Duration timeout;

	RealtimeTestClientAssert(RealtimeTestClient actual) {
		super(actual, RealtimeTestClientAssert.class);
		this.timeout = actual.options().timeout();
	}

	/**
	 * Wait for a different time in the assertions that follow.
	 * @param timeout how long to wait at most
	 * @return this assertion
	 */
	public RealtimeTestClientAssert within(Duration timeout) {
		this.timeout = timeout;
		return this;
	}

	/**
	 * Check that the client is connected.
	 * @return this assertion
	 */
	public RealtimeTestClientAssert isConnected() {
		this.actual.roundTrip();
		return expect(this.actual::isConnected, "to be connected");
	}

	/**
	 * Check that the client is not connected, or not any more.
	 * @return this assertion
	 */
	public RealtimeTestClientAssert isDisconnected() {
		return expect(() -> !this.actual.isConnected(), "to be disconnected");
	}

	/**
	 * Check how the connection has ended.
	 * @param code the close code: 1000 if the client closed it, 1006 if it was lost
	 * @return this assertion
	 */
	public RealtimeTestClientAssert isDisconnectedWith(int code) {
		return expect(() -> isEnd(this.actual.received().disconnected(), code), "to be disconnected with " + code);
	}

	private boolean isEnd(@Nullable Disconnected end, int code) {
		return end != null && end.code() == code && !this.actual.isConnected();
	}

	/**
	 * Check how the connection has ended.
	 * @param reason the reason that the server gave
	 * @return this assertion
	 */
	public RealtimeTestClientAssert isDisconnectedWith(DisconnectReason reason) {
		return isDisconnectedWith(reason.code());
	}

	/**
	 * Check that the client is in a room, whoever has subscribed it.
	 * @param room the name of the room
	 * @return this assertion
	 */
	public RealtimeTestClientAssert isSubscribedTo(String room) {
		return expect(() -> this.actual.rooms().contains(room), "to be in '" + room + "'");
	}

	/**
	 * Check that the client is not in a room, or not any more.
	 * @param room the name of the room
	 * @return this assertion
	 */
	public RealtimeTestClientAssert isNotSubscribedTo(String room) {
		return expect(() -> !this.actual.rooms().contains(room), "not to be in '" + room + "'");
	}

	/**
	 * Check that the server has taken the client out of a room.
	 * @param room the name of the room
	 * @param code 2000 to 2499 for good, 2500 and more to subscribe again at once
	 * @return this assertion
	 */
	public RealtimeTestClientAssert wasUnsubscribedFrom(String room, int code) {
		return expect(() -> events(Unsubscribed.class, room).stream().anyMatch((event) -> event.code() == code),
				"to be unsubscribed from '" + room + "' with " + code);
	}

	/**
	 * Check that the client was told that a user has come.
	 * @param room the name of the room
	 * @param user the name of the user
	 * @return this assertion
	 */
	public RealtimeTestClientAssert receivedJoin(String room, String user) {
		return expect(() -> events(Joined.class, room).stream().anyMatch((event) -> event.member().user().equals(user)),
				"to be told that '" + user + "' joined '" + room + "'");
	}

	/**
	 * Check that the client was told that a user has gone.
	 * @param room the name of the room
	 * @param user the name of the user
	 * @return this assertion
	 */
	public RealtimeTestClientAssert receivedLeave(String room, String user) {
		return expect(() -> events(Left.class, room).stream().anyMatch((event) -> event.member().user().equals(user)),
				"to be told that '" + user + "' left '" + room + "'");
	}

	/**
	 * Check that something was published in a room, and go on with it.
	 * @param room the name of the room
	 * @return an assertion about the publications of the room
	 */
	public PublicationsAssert received(String room) {
		expect(() -> !events(Published.class, room).isEmpty(), "to receive something in '" + room + "'");
		return new PublicationsAssert(this.actual, () -> events(Published.class, room), this.timeout,
				Messages.describe(descriptionText(), "what " + this.actual + " received in '" + room + "'"));
	}

	/**
	 * Check that the application has sent something to the client outside of any room,
	 * and go on with it.
	 * @param <T> what to read each message as
	 * @param type what to read each message as
	 * @return an assertion about the messages
	 */
	public <T> ReceivedAssert<T> receivedMessages(Class<T> type) {
		JsonMapper mapper = this.actual.options().mapper();
		expect(() -> !this.actual.received().events(Message.class).isEmpty(), "to receive a message");
		return new ReceivedAssert<>(this.actual,
				() -> this.actual.received()
					.events(Message.class)
					.stream()
					.map((message) -> mapper.treeToValue(message.data(), type))
					.toList(),
				this.timeout, Messages.describe(descriptionText(), "messages that " + this.actual + " received"));
	}

	/**
	 * Check that nothing was published in a room. A round trip over the same connection
	 * comes first; after it, nothing may come for the client's quiet time.
	 * @param room the name of the room
	 * @return this assertion
	 */
	public RealtimeTestClientAssert receivedNothing(String room) {
		this.actual.roundTrip();
		BooleanSupplier something = () -> !events(Published.class, room).isEmpty();
		if (this.actual.recorder().monitor().await(something, this.actual.options().quietTime())) {
			failWithMessage(Messages.format("Expected %s to receive nothing in '%s', but it has received:%s",
					this.actual, room, this.actual.received()));
		}
		return this;
	}

	private <T extends InRoom> List<T> events(Class<T> type, String room) {
		return this.actual.received().events(type, room);
	}

	private RealtimeTestClientAssert expect(BooleanSupplier condition, String expected) {
		if (!this.actual.recorder().monitor().await(condition, this.timeout)) {
			String state = this.actual.isConnected() ? "connected" : "not connected";
			failWithMessage(Messages.format(
					"Expected %s %s within %d ms, but it is %s, in the rooms %s, and has received:%s", this.actual,
					expected, this.timeout.toMillis(), state, this.actual.rooms(), this.actual.received()));
		}
		return this;
	}

}
