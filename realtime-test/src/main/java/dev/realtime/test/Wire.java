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

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.realtime.HistoryQuery;
import dev.realtime.Member;
import dev.realtime.Payload;
import dev.realtime.StreamPosition;
import dev.realtime.test.RealtimeEvent.Published;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The parts of messages, in JSON.
 */
final class Wire {

	private static final JsonMapper PLAIN = JsonMapper.shared();

	/** Error 112 instead of a fresh start. */
	private static final int REJECT_UNRECOVERABLE = 2;

	private Wire() {
	}

	static ObjectNode object() {
		return JsonNodeFactory.instance.objectNode();
	}

	static JsonNode parse(String json) {
		return PLAIN.readTree(json);
	}

	static JsonNode tree(JsonMapper mapper, @Nullable Object value) {
		if (value instanceof Payload payload) {
			return PLAIN.readTree(payload.bytes());
		}
		return mapper.valueToTree(value);
	}

	static ObjectNode subscribe(String room, SubscribeOptions options, JsonMapper mapper) {
		ObjectNode request = object().put("channel", room);
		if (!options.token().isEmpty()) {
			request.put("token", options.token());
		}
		if (options.data() != null) {
			request.set("data", tree(mapper, options.data()));
		}
		if (options.since() != null) {
			recover(request, options.since());
		}
		if (options.joinLeave()) {
			request.put("join_leave", true);
		}
		if (options.rejectUnrecoverable()) {
			request.put("flag", REJECT_UNRECOVERABLE);
		}
		return request;
	}

	static void recover(ObjectNode request, StreamPosition since) {
		request.put("recover", true).put("epoch", since.epoch()).put("offset", since.offset());
	}

	static ObjectNode history(String room, HistoryQuery query) {
		ObjectNode request = object().put("channel", room).put("limit", query.limit()).put("reverse", query.reverse());
		StreamPosition since = query.since();
		if (since != null) {
			request.putObject("since").put("offset", since.offset()).put("epoch", since.epoch());
		}
		return request;
	}

	static StreamPosition position(JsonNode node) {
		return new StreamPosition(node.path("offset").asLong(0), node.path("epoch").asString(""));
	}

	static List<Published> publications(String room, JsonNode result) {
		List<Published> publications = new ArrayList<>();
		result.path("publications").forEach((node) -> publications.add(publication(room, node)));
		return publications;
	}

	static Published publication(String room, JsonNode node) {
		Map<String, String> tags = new LinkedHashMap<>();
		node.path("tags").properties().forEach((tag) -> tags.put(tag.getKey(), tag.getValue().asString()));
		Member info = node.has("info") ? member(node.path("info")) : null;
		return new Published(room, node.path("data"), node.path("offset").asLong(0), info, tags,
				node.path("time").asLong(0));
	}

	static Member member(JsonNode node) {
		return new Member(node.path("user").asString(""), node.path("client").asString(""),
				payload(node.path("conn_info")), payload(node.path("chan_info")));
	}

	private static Payload payload(JsonNode node) {
		return node.isMissingNode() ? Payload.EMPTY : Payload.ofJson(node.toString());
	}

}
