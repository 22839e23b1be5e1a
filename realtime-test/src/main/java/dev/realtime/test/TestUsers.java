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

package dev.realtime.test;

/**
 * How a client in a test says who it is to a web server that believes it.
 *
 * @since 0.1.0
 */
public final class TestUsers {

	/** The HTTP header with the name of the user, URL-encoded. */
	public static final String HEADER = "Realtime-Test-User";

	/** The name of the bean that makes the user of the header the one of the request. */
	public static final String FILTER_BEAN_NAME = "realtimeTestUserFilter";

	private TestUsers() {
	}

}
