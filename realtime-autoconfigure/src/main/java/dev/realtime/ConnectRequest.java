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

import java.security.Principal;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What a client says about itself when it connects. Everything but the principal is the
 * client's own word.
 *
 * @param token the token of the connect command, possibly empty
 * @param data what the client's application sent along, possibly empty
 * @param headers what the client declares as headers (browsers cannot send real ones)
 * @param name the name of the client library, possibly empty
 * @param version the version of the client's application, possibly empty
 * @param principal who the HTTP handshake found the user to be, or {@code null}
 * @param remoteAddress the address of the peer, without port
 * @param session the session that is about to be connected
 * @since 0.1.0
 */
public record ConnectRequest(String token, Payload data, Map<String, String> headers, String name, String version,
		@Nullable Principal principal, String remoteAddress, RealtimeSession session) {

}
