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

package dev.realtime.sample;

import java.security.Principal;
import java.util.Map;
import java.util.Set;

import dev.realtime.ConnectRequest;
import dev.realtime.DisconnectReason;
import dev.realtime.Identity;
import dev.realtime.Payload;
import dev.realtime.RealtimeException;
import dev.realtime.RealtimeSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class GuestNamesTests {

	private final GuestNames names = new GuestNames(new JsonMapper());

	@ParameterizedTest
	@ValueSource(strings = { "", "{}", "[]", "null", "\"Ann\"", "{\"name\":\"\"}", "{\"name\":\" \"}", "{\"name\":1}",
			"no JSON" })
	void guestWithoutANameGetsOne(String data) {
		Identity identity = this.names.authenticate(request("", data, null));
		assertThat(identity.user()).matches("[a-z]+-[a-z]+-\\d\\d");
		assertThat(identity.info().text()).isEqualTo("{\"name\":\"" + identity.user() + "\"}");
		assertThat(identity.data()).isEqualTo(identity.info());
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "A", "Ann", "Zoë Müller-Lüdenscheidt", "李小龍", "_x_ 1", "  Ann  ", "abcdefghijklmnopqrstuvwx" })
	void guestKeepsTheNameThatItBrings(String name) {
		Identity identity = this.names.authenticate(request("", "{\"name\":\"" + name + "\"}", null));
		assertThat(identity.user()).isEqualTo(name.strip());
		assertThat(identity.info().text()).isEqualTo("{\"name\":\"" + name.strip() + "\"}");
	}

	@ParameterizedTest
	@ValueSource(strings = { "abcdefghijklmnopqrstuvwxy", "<b>", "a\\nb", "a\\u202eb", "a:b", "\\ud800" })
	void nameThatIsNoneIsRefused(String name) {
		assertThatExceptionOfType(RealtimeException.class)
			.isThrownBy(() -> this.names.authenticate(request("", "{\"name\":\"" + name + "\"}", null)))
			.satisfies((ex) -> assertThat(ex.code()).isEqualTo(400));
	}

	@Test
	void clientThatIsKnownOtherwiseIsNoGuest() {
		assertThat(this.names.authenticate(request("token", "", null))).isNull();
		assertThat(this.names.authenticate(request("", "", () -> "ann"))).isNull();
	}

	private static ConnectRequest request(String token, String data, Principal principal) {
		Payload payload = data.isEmpty() ? Payload.EMPTY : Payload.ofJson(data);
		return new ConnectRequest(token, payload, Map.of(), "test", "", principal, "127.0.0.1", new UnusedSession());
	}

	private static final class UnusedSession implements RealtimeSession {

		@Override
		public String id() {
			return "id";
		}

		@Override
		public String user() {
			return "";
		}

		@Override
		public Principal principal() {
			return null;
		}

		@Override
		public Map<String, Object> attributes() {
			return Map.of();
		}

		@Override
		public Set<String> rooms() {
			return Set.of();
		}

		@Override
		public void send(Payload payload) {
		}

		@Override
		public void disconnect(DisconnectReason reason) {
		}

	}

}
