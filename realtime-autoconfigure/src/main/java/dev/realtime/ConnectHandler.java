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
 * Has a say when a client that is known connects: a bean of the application. Several are
 * asked in turn. Called on the handler executor, where it may block, once per connection
 * and after the {@link ConnectAuthenticator}.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface ConnectHandler {

	/**
	 * Return what the client gets.
	 * @param request what the client says; its session knows the user
	 * @return the data of the connect reply, and the rooms that the client is put into
	 * @throws RealtimeException to refuse the client with an error
	 */
	ConnectReply connect(ConnectRequest request);

}
