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

package dev.realtime.relay;

/**
 * Is told how a relay fares. Called on threads of the driver: it must not block.
 *
 * @since 0.1.0
 */
public interface RelayObserver {

	/** Nobody is told. */
	RelayObserver NONE = new RelayObserver() {
	};

	/**
	 * The state has changed.
	 * @param state the new state
	 * @param reason why
	 */
	default void changed(RelayState state, String reason) {
	}

	/**
	 * A connection to the broker is lost.
	 * @param reason a word or two, of which there are few
	 */
	default void disconnected(String reason) {
	}

}
