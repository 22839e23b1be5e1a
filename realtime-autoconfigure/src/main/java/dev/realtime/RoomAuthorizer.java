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
 * Decides who may do what in which room: a bean of the application. It is asked after the
 * rules of the room's namespace have granted the operation, and can only narrow them;
 * several are asked in turn and all must agree. Called on the handler executor, where it
 * may block, serially for each session.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface RoomAuthorizer {

	/**
	 * Decide.
	 * @param access who wants to do what and where
	 * @return the decision
	 * @throws RealtimeException to refuse with an error of the application's own
	 */
	RoomDecision authorize(RoomAccess access);

}
