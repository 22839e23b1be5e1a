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

import java.util.HashMap;
import java.util.Map;

/**
 * The messages of the protocol, as PROTOCOL.md 2.13 lists them. Each field has a number
 * and a type: {@code n} a number, {@code b} a boolean, {@code s} a string, {@code d} a
 * payload, or another message; {@code *} marks a list, {@code %} a map whose keys are
 * strings, {@code !} what is there even if it is zero.
 */
final class ProtobufSchema {

	private static final String MESSAGES = """
			Error code=1!n message=2!s temporary=3b
			Command id=1n connect=4ConnectRequest subscribe=5SubscribeRequest unsubscribe=6Room publish=7PublishRequest \
			presence=8Room presence_stats=9Room history=10HistoryRequest ping=11Empty send=12Data rpc=13RpcRequest \
			refresh=14RefreshRequest sub_refresh=15SubRefreshRequest
			Reply id=1n error=2Error push=4Push connect=5ConnectResult subscribe=6SubscribeResult unsubscribe=7Empty \
			publish=8Empty presence=9PresenceResult presence_stats=10PresenceStatsResult history=11HistoryResult \
			ping=12Empty rpc=13Data refresh=14RefreshResult sub_refresh=15SubRefreshResult
			Push id=1n channel=2s pub=4Publication join=5Member leave=6Member unsubscribe=7Unsubscribe message=8Data \
			subscribe=9Subscribe
			ClientInfo user=1!s client=2!s conn_info=3d chan_info=4d
			Publication data=4d info=5ClientInfo offset=6n tags=7%s delta=8b time=9n channel=10s key=11s removed=12b
			Member info=1ClientInfo
			Unsubscribe code=2!n reason=3!s
			Subscribe recoverable=1b epoch=4s offset=5n positioned=6b data=7d
			Data data=1d
			Room channel=1s
			Empty
			ConnectRequest token=1s data=2d subs=3%SubscribeRequest name=4s version=5s headers=6%s flag=7n
			ConnectResult client=1s version=2s expires=3b ttl=4n data=5d subs=6%SubscribeResult ping=7n pong=8b \
			session=9s node=10s time=11n flag=12n
			SubscribeRequest channel=1s token=2s recover=3b epoch=6s offset=7n data=8d positioned=9b recoverable=10b \
			join_leave=11b delta=12s tf=13FilterNode flag=14n type=15n
			FilterNode op=1s key=2s
			SubscribeResult expires=1b ttl=2n recoverable=3b epoch=6s publications=7*Publication recovered=8b offset=9n \
			positioned=10b data=11d was_recovering=12b delta=13b id=14n
			PublishRequest channel=1s data=2d type=3n key=4s removed=5b
			PresenceResult presence=1!%ClientInfo
			PresenceStatsResult num_clients=1!n num_users=2!n
			StreamPosition offset=1n epoch=2s
			HistoryRequest channel=1s limit=7n since=8StreamPosition reverse=9b
			HistoryResult publications=1!*Publication epoch=2!s offset=3!n
			RpcRequest data=1d method=2s
			RefreshRequest token=1s
			RefreshResult client=1s version=2s expires=3b ttl=4n
			SubRefreshRequest channel=1s token=2s type=3n
			SubRefreshResult expires=1b ttl=2n
			""";

	private static final Map<String, Map<String, Field>> FIELDS = parse();

	private ProtobufSchema() {
	}

	private static Map<String, Map<String, Field>> parse() {
		Map<String, Map<String, Field>> result = new HashMap<>();
		MESSAGES.lines().forEach((line) -> {
			String[] words = line.split(" ");
			Map<String, Field> fields = new HashMap<>();
			for (int i = 1; i < words.length; i++) {
				Field field = Field.parse(words[i]);
				fields.put(field.name(), field);
			}
			result.put(words[0], fields);
		});
		return result;
	}

	static Map<String, Field> fields(String message) {
		return FIELDS.get(message);
	}

	/**
	 * A field of a message.
	 *
	 * @param name its name
	 * @param number its number
	 * @param always whether it is there even if it is zero
	 * @param list whether there may be several
	 * @param map whether it has a key
	 * @param type its type
	 */
	record Field(String name, int number, boolean always, boolean list, boolean map, String type) {

		private static Field parse(String text) {
			int equals = text.indexOf('=');
			String number = text.substring(equals + 1).replaceAll("\\D.*", "");
			String rest = text.substring(equals + 1 + number.length());
			return new Field(text.substring(0, equals), Integer.parseInt(number), rest.contains("!"),
					rest.contains("*"), rest.contains("%"), rest.replaceAll("[!*%]", ""));
		}

		boolean isMessage() {
			return this.type.length() > 1;
		}

	}

}
