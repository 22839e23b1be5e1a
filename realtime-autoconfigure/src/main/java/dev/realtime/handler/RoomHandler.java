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

package dev.realtime.handler;

import java.lang.reflect.Method;
import java.util.concurrent.CompletionStage;

import dev.realtime.RoomAccess;

/**
 * A method that has a say in what a client does in a room.
 *
 * @param <T> what it says
 * @since 0.1.0
 */
public interface RoomHandler<T> {

	/**
	 * Call the method. May block.
	 * @param access who wants to do what and where
	 * @return what it says; the stage fails with what the method throws
	 */
	CompletionStage<T> handle(RoomAccess access);

	/**
	 * Return what the client is to be told of a failure.
	 * @param failure what the method has thrown, or what else has failed because of it
	 * @param access what it was called for
	 * @return the same, or a {@link dev.realtime.RealtimeException} for the client
	 */
	Throwable explain(Throwable failure, RoomAccess access);

	/**
	 * Return whether the method may return before it is done, so that the next call must
	 * wait for its stage.
	 * @return {@code true} if it returns a stage
	 */
	boolean isAsynchronous();

	/**
	 * Return the method that is called.
	 * @return the method
	 */
	Method method();

	/**
	 * Return the class of the bean that is called.
	 * @return the class, no proxy
	 */
	Class<?> type();

}
