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

package dev.realtime.sample;

import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Set;

import dev.realtime.ConnectReply;
import dev.realtime.Member;
import dev.realtime.PublishOptions;
import dev.realtime.RealtimeOperations;
import dev.realtime.RealtimeSession;
import dev.realtime.annotation.OnConnect;
import dev.realtime.annotation.OnPublish;
import dev.realtime.annotation.OnRpc;
import dev.realtime.annotation.OnSend;
import dev.realtime.annotation.OnSubscribe;
import dev.realtime.annotation.RealtimeController;
import dev.realtime.annotation.RoomVariable;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;

import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.transaction.annotation.Transactional;

/**
 * What clients of the chat can do.
 */
@RealtimeController
class ChatController {

	private final RealtimeOperations realtime;

	private final MessageStore messages;

	ChatController(RealtimeOperations realtime, MessageStore messages) {
		this.realtime = realtime;
		this.messages = messages;
	}

	/**
	 * Puts everybody into their own inbox, which nobody can enter by asking.
	 */
	@OnConnect
	ConnectReply connect(Principal user) {
		return ConnectReply.rooms(inbox(user.getName()));
	}

	@OnRpc("rooms.list")
	List<RoomSummary> rooms() {
		return this.messages.rooms()
			.stream()
			.map((room) -> new RoomSummary(room.name(), room.topic(), room.messages(), members(room.name())))
			.toList();
	}

	private long members(String room) {
		return this.realtime.members("chat:" + room).stream().map(Member::user).distinct().count();
	}

	@OnSubscribe("chat:{room}")
	RoomState join(@RoomVariable String room) {
		return new RoomState(this.messages.topic(room));
	}

	/**
	 * Stores a message and returns what the room gets; either both happen or nothing.
	 */
	@OnPublish("chat:{room}")
	@Transactional
	ChatMessage say(@RoomVariable String room, @Valid @Payload NewMessage message, Principal user) {
		return this.messages.add(room, user.getName(), message.text());
	}

	/**
	 * Tells the others in a room that somebody is about to say something.
	 */
	@OnSend
	void typing(@Payload Typing typing, RealtimeSession session) {
		if (session.rooms().contains("chat:" + typing.room())) {
			this.realtime.publish("typing:" + typing.room(), new Typist(session.user()),
					PublishOptions.NONE.exclude(session.id()));
		}
	}

	/**
	 * Says something to one person. The sender gets it as well, on all pages.
	 */
	@OnRpc("messages.private")
	void tell(@Valid @Payload NewPrivateMessage message, Principal user) {
		PrivateMessage told = new PrivateMessage(user.getName(), message.to(), message.text(),
				Instant.now().truncatedTo(ChronoUnit.MILLIS));
		this.realtime.publish(Set.copyOf(List.of(inbox(told.from()), inbox(told.to()))), told);
	}

	/** Names may have characters that names of rooms do not have. */
	private static String inbox(String user) {
		return "inbox:" + Base64.getUrlEncoder().withoutPadding().encodeToString(user.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * A room in the list.
	 *
	 * @param name its name
	 * @param topic what it is about, possibly empty
	 * @param messages how many there are
	 * @param members how many people are there now
	 */
	record RoomSummary(String name, String topic, long messages, long members) {

	}

	/**
	 * What somebody gets to know who enters a room.
	 *
	 * @param topic what it is about, possibly empty
	 */
	record RoomState(String topic) {

	}

	/**
	 * Says that the sender is typing.
	 *
	 * @param room where
	 */
	record Typing(String room) {

	}

	/**
	 * Says who is typing.
	 *
	 * @param from who
	 */
	record Typist(String from) {

	}

	/**
	 * What somebody wants to say to one person.
	 *
	 * @param to the name of the person
	 * @param text the text
	 */
	record NewPrivateMessage(@NotBlank @Size(max = 50) String to,
			@NotBlank(message = NewMessage.BLANK) @Size(max = NewMessage.MAX_TEXT,
					message = NewMessage.TOO_LONG) String text) {

	}

	/**
	 * A message in two inboxes.
	 *
	 * @param from who says it
	 * @param to to whom
	 * @param text the text, kept as it is
	 * @param at when
	 */
	record PrivateMessage(String from, String to, String text, Instant at) {

	}

}
