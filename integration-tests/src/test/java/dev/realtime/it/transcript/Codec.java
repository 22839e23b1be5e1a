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

package dev.realtime.it.transcript;

import java.util.Locale;

/**
 * How a client and the server write their messages.
 */
enum Codec {

	/** Lines of JSON in text frames. */
	JSON,

	/** Length-prefixed messages of Protobuf in binary frames. */
	PROTOBUF;

	/**
	 * Return the sub-protocol that a client has to offer.
	 * @return the name, empty for none
	 */
	String subProtocol() {
		return (this == JSON) ? "" : "centrifuge-protobuf";
	}

	static Codec of(String name) {
		return valueOf(name.toUpperCase(Locale.ROOT));
	}

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}

}
