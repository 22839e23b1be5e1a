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
 * Publishes into rooms without a line of code. On a method of a bean: what it returns,
 * unless that is {@code null}, or what a {@code CompletionStage} that it returns
 * completes with; the variables of the rooms are the method's parameters by their names,
 * or components of the result. On the type of an application event: each event of that
 * type; the variables are its components. Inside a transaction the publication belongs to
 * the transaction.
 * <p>
 * A variable that has nothing to stand for it, or a text that is empty or has a colon, is
 * an {@link IllegalStateException}. A component is that of a record, or a property with a
 * getter. There is no expression language.
 *
 * @since 0.1.0
 */
@Target({ ElementType.METHOD, ElementType.TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface RealtimePublish {

	/**
	 * Return the names of the rooms.
	 * @return the names, with variables such as in {@code chat:{room}}
	 */
	String[] value();

}
