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

package dev.realtime.test.autoconfigure;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.PropertyMapping;

/**
 * For tests with {@code @SpringBootTest}: makes the bean
 * {@link dev.realtime.test.RealtimeTestClients} and, anew at each injection point, a
 * {@link dev.realtime.test.RealtimeTestClient} that is not connected yet. All clients are
 * disconnected after each test.
 * <p>
 * With a web server ({@code RANDOM_PORT}, {@code DEFINED_PORT}) clients open a WebSocket,
 * without one ({@code MOCK}, {@code NONE}) they talk to the engine in memory.
 *
 * @since 0.1.0
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ImportAutoConfiguration
@PropertyMapping("realtime.test.client")
public @interface AutoConfigureRealtimeTestClient {

	/**
	 * How long clients wait for anything, such as {@code 10s}.
	 * @return the time
	 */
	@PropertyMapping(skip = PropertyMapping.Skip.ON_DEFAULT_VALUE)
	String timeout() default "";

}
