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
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Who a client is, and what others may know of it.
 *
 * @param principal the user, or {@code null} if anonymous
 * @param info what members of the same rooms see of the connection, possibly empty
 * @param data what the client itself gets in the connect reply, possibly empty
 * @param expiresAt until when it holds, or {@code null} for ever. A client that brought a
 * token is asked for a new one in time, and is given 25 seconds more; any other is
 * disconnected then
 * @since 0.1.0
 */
public record Identity(@Nullable Principal principal, Payload info, Payload data, @Nullable Instant expiresAt) {

	/** Nobody in particular. */
	public static final Identity ANONYMOUS = new Identity(null, Payload.EMPTY, Payload.EMPTY, null);

	/**
	 * Return the identity of a principal without further information.
	 * @param principal the user
	 * @return the identity
	 */
	public static Identity of(Principal principal) {
		return new Identity(principal, Payload.EMPTY, Payload.EMPTY, null);
	}

	/**
	 * Return the identity of a user known by name only.
	 * @param user the name
	 * @return the identity
	 */
	public static Identity of(String user) {
		return of((Principal) new UserName(user));
	}

	/**
	 * Set what members of the same rooms see.
	 * @param info the information, in JSON if browsers are to read it
	 * @return the changed identity
	 */
	public Identity info(Payload info) {
		return new Identity(this.principal, info, this.data, this.expiresAt);
	}

	/**
	 * Set what the client gets in the connect reply.
	 * @param data the data, in JSON if browsers are to read it
	 * @return the changed identity
	 */
	public Identity data(Payload data) {
		return new Identity(this.principal, this.info, data, this.expiresAt);
	}

	/**
	 * Set until when it holds.
	 * @param expiresAt the end
	 * @return the changed identity
	 */
	public Identity expiresAt(Instant expiresAt) {
		return new Identity(this.principal, this.info, this.data, expiresAt);
	}

	/**
	 * Return the name of the user.
	 * @return the name, empty if anonymous
	 */
	public String user() {
		return (this.principal != null) ? this.principal.getName() : "";
	}

	private record UserName(String getName) implements Principal {

	}

}
