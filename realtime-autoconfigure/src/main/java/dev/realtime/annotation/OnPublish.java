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
 * Marks a method that takes what clients publish into a room, after the rule of the
 * namespace and every {@link dev.realtime.RoomAuthorizer} have agreed. What it returns is
 * what the room gets instead; a method that returns nothing lets the message pass as it
 * is, and one that returns {@code null} lets the room get nothing. It may return a
 * {@code CompletionStage}. What it throws refuses the message. If the method is
 * transactional, the transaction covers the publication too: either both become facts or
 * none; what a stage completes with after the method has returned is published after the
 * commit. Where no rule is set for a namespace, members may publish into the rooms that a
 * method takes.
 *
 * @since 0.1.0
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface OnPublish {

	/**
	 * Return the patterns of the rooms, such as {@code chat:{room}}: a variable stands
	 * for one or more characters, without a colon unless it is the last.
	 * @return the texts
	 */
	String[] value();

}
