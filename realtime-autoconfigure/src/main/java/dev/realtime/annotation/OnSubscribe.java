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

package dev.realtime.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method that decides whether a client becomes a member of a room, after the rule
 * of the namespace and every {@link dev.realtime.RoomAuthorizer} have agreed; also when a
 * client comes back to recover. It may return nothing, a {@code boolean}, a
 * {@link dev.realtime.RoomDecision}, or any other object, which the client gets as
 * initial state; or a {@code CompletionStage} of these. What it throws refuses the
 * client, and so does a decision that is {@code null}. Of several patterns that match a
 * room the most specific one counts.
 *
 * @since 0.1.0
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface OnSubscribe {

	/**
	 * Return the patterns of the rooms, such as {@code chat:{room}}: a variable stands
	 * for one or more characters, without a colon unless it is the last.
	 * @return the texts
	 */
	String[] value();

}
