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
 * The errors that a command may be answered with. The numbers are the wire protocol's;
 * applications use 400 to 1999 of their own, see {@link RealtimeException}.
 *
 * @since 0.1.0
 */
public enum ErrorCode {

	/** Something failed on the server; trying again may help. */
	INTERNAL(100, "internal server error", true),

	/** There are no credentials. */
	UNAUTHORIZED(101, "unauthorized", false),

	/** The room has no namespace, or one that nobody configured. */
	UNKNOWN_ROOM(102, "unknown channel", false),

	/** The user may not do this here. */
	PERMISSION_DENIED(103, "permission denied", false),

	/** No handler has this name. */
	METHOD_NOT_FOUND(104, "method not found", false),

	/** The session is in the room, or about to be. */
	ALREADY_SUBSCRIBED(105, "already subscribed", false),

	/** A limit of this server is reached. */
	LIMIT_EXCEEDED(106, "limit exceeded", false),

	/** The command was understood but makes no sense. */
	BAD_REQUEST(107, "bad request", false),

	/** The feature is off, here or for this room. */
	NOT_AVAILABLE(108, "not available", false),

	/** The token is past its expiry; the client should bring a new one. */
	TOKEN_EXPIRED(109, "token expired", false),

	/** The connection or subscription is past its expiry. */
	EXPIRED(110, "expired", false),

	/** Too many commands in a short time; trying later helps. */
	TOO_MANY_REQUESTS(111, "too many requests", true),

	/** The room's history does not reach back to the position. */
	UNRECOVERABLE_POSITION(112, "unrecoverable position", false);

	private final int code;

	private final String message;

	private final boolean temporary;

	ErrorCode(int code, String message, boolean temporary) {
		this.code = code;
		this.message = message;
		this.temporary = temporary;
	}

	/**
	 * Return the number on the wire.
	 * @return the number
	 */
	public int code() {
		return this.code;
	}

	/**
	 * Return the message on the wire.
	 * @return the message
	 */
	public String message() {
		return this.message;
	}

	/**
	 * Return whether a client should try again.
	 * @return {@code true} if trying again may help
	 */
	public boolean temporary() {
		return this.temporary;
	}

}
