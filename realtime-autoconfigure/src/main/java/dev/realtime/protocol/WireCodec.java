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

package dev.realtime.protocol;

import java.util.List;
import java.util.function.Consumer;

import dev.realtime.Payload;

/**
 * Writes and reads one encoding of the protocol. Stateless and thread-safe. An encoded
 * message can be sent to any number of sessions, alone or {@link #join joined} to others
 * in one frame.
 *
 * @since 0.1.0
 */
public interface WireCodec {

	/**
	 * Return the small number of this codec, by which encoded messages are cached.
	 * @return 0, 1 or 2
	 */
	int index();

	/**
	 * Read the commands of a frame in order. Commands before a bad one are delivered.
	 * @param frame the frame
	 * @param commands gets each command
	 * @throws ProtocolException if the frame holds no command or a bad one
	 */
	void decode(byte[] frame, Consumer<Command> commands) throws ProtocolException;

	/**
	 * Write a reply.
	 * @param id the number of the command
	 * @param result its result
	 * @return the message
	 */
	byte[] reply(long id, Result result);

	/**
	 * Write an error reply.
	 * @param id the number of the command
	 * @param code the number of the error
	 * @param message its text
	 * @param temporary whether trying again may help
	 * @return the message
	 */
	byte[] error(long id, int code, String message, boolean temporary);

	/**
	 * Write a push.
	 * @param push the push
	 * @return the message
	 */
	byte[] push(Push push);

	/**
	 * Return the ping.
	 * @return the message, shared
	 */
	byte[] ping();

	/**
	 * Return whether a payload can be carried.
	 * @param payload the payload
	 * @return {@code false} if a session of this codec cannot receive it
	 */
	boolean carries(Payload payload);

	/**
	 * Return how many bytes stand between two messages of a frame.
	 * @return the number of bytes
	 */
	int separatorLength();

	/**
	 * Join messages to one frame.
	 * @param messages the messages, at least one
	 * @param bytes the sum of their lengths
	 * @return the frame, the message itself if there is one only
	 */
	byte[] join(List<byte[]> messages, int bytes);

}
