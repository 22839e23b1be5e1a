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

import org.springframework.core.annotation.AliasFor;
import org.springframework.stereotype.Component;

/**
 * Marks a bean whose methods handle what clients ask for: {@link OnConnect},
 * {@link OnSubscribe}, {@link OnPublish}, {@link OnRpc}, {@link OnSend},
 * {@link OnUnsubscribe}, {@link OnDisconnect}. They run on the handler executor, where
 * they may block, and one at a time for each session.
 *
 * @since 0.1.0
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Component
public @interface RealtimeController {

	/**
	 * Return the name of the bean.
	 * @return the name, or an empty text for a name made from that of the class
	 */
	@AliasFor(annotation = Component.class)
	String value() default "";

}
