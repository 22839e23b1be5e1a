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

package dev.realtime.security;

import java.util.List;
import java.util.function.Supplier;

import dev.realtime.RoomAccess;
import dev.realtime.RoomAuthorizer;
import dev.realtime.RoomDecision;
import org.jspecify.annotations.Nullable;

import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.core.Authentication;

/**
 * Asks Spring Security's authorization managers for rooms. All must agree; one that
 * abstains agrees.
 *
 * @since 0.1.0
 */
public final class AuthorizationManagerRoomAuthorizer implements RoomAuthorizer {

	private final List<AuthorizationManager<RoomAccess>> managers;

	/**
	 * Create the authorizer.
	 * @param managers the managers
	 */
	public AuthorizationManagerRoomAuthorizer(List<AuthorizationManager<RoomAccess>> managers) {
		this.managers = List.copyOf(managers);
	}

	@Override
	public RoomDecision authorize(RoomAccess access) {
		Supplier<Authentication> user = new SessionSecurityContext(access.session())::getAuthentication;
		return RoomDecision.of(this.managers.stream().allMatch((manager) -> agrees(manager.authorize(user, access))));
	}

	private static boolean agrees(@Nullable AuthorizationResult result) {
		return result == null || result.isGranted();
	}

}
