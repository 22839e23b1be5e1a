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

import org.jspecify.annotations.Nullable;

/**
 * Finds out who a connecting client is: a bean of the application. Several are asked in
 * the order of the context until one knows. Called on the handler executor, where it may
 * block, once per connection.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface ConnectAuthenticator {

	/**
	 * Return who the client is.
	 * @param request what the client says
	 * @return the identity, or {@code null} if this authenticator cannot tell; when none
	 * can, the principal of the handshake counts, and without one a client that brought
	 * no token is anonymous where that is allowed
	 * @throws RealtimeException to refuse the client with an error
	 */
	@Nullable Identity authenticate(ConnectRequest request);

}
