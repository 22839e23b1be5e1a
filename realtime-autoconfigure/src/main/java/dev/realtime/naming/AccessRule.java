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

package dev.realtime.naming;

/**
 * Who may do something, before any authorizer of the application is asked.
 *
 * @since 0.1.0
 */
public enum AccessRule {

	/** No client. */
	NOBODY,

	/**
	 * Members of the room, where a method of the application handles it; else no client.
	 */
	HANDLED,

	/** Members of the room. */
	SUBSCRIBERS,

	/** Clients with a user. */
	AUTHENTICATED,

	/** Every connected client. */
	ANYONE;

	/**
	 * Return what the rule comes to in one room.
	 * @param handled whether a method of the application handles what the rule is about
	 * @return a rule that is not {@link #HANDLED}
	 */
	public AccessRule resolve(boolean handled) {
		if (this != HANDLED) {
			return this;
		}
		return handled ? SUBSCRIBERS : NOBODY;
	}

	/**
	 * Return whether a client may.
	 * @param authenticated whether it has a user
	 * @param member whether it is a member of the room
	 * @return {@code true} if it may
	 */
	public boolean grants(boolean authenticated, boolean member) {
		return switch (this) {
			case NOBODY, HANDLED -> false;
			case SUBSCRIBERS -> member;
			case AUTHENTICATED -> authenticated;
			case ANYONE -> true;
		};
	}

}
