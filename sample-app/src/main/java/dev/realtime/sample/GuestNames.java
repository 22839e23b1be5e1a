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

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

import dev.realtime.ConnectAuthenticator;
import dev.realtime.ConnectRequest;
import dev.realtime.Identity;
import dev.realtime.Payload;
import dev.realtime.RealtimeException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * Gives everybody who comes without a token a name: the one that the client asks for by
 * connecting with <code>{"name":"Ann"}</code>, or else one like "quiet-otter-42". Fine
 * for a demonstration; nothing stops two guests from taking the same name, and with it
 * the same inbox.
 */
@Component
@Profile("!" + MemberSecurity.PROFILE)
class GuestNames implements ConnectAuthenticator {

	private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{M}\\p{Nd}_-][\\p{L}\\p{M}\\p{Nd} _-]{0,23}");

	private static final int INVALID_NAME = 400;

	private static final List<String> ADJECTIVES = List.of("brave", "bright", "calm", "clever", "curious", "eager",
			"gentle", "happy", "lucky", "merry", "mellow", "nimble", "patient", "polite", "quick", "quiet", "sunny",
			"swift", "warm", "witty");

	private static final List<String> ANIMALS = List.of("badger", "beaver", "crane", "dolphin", "falcon", "ferret",
			"finch", "fox", "gecko", "heron", "ibex", "koala", "lynx", "marten", "otter", "owl", "panda", "puffin",
			"raven", "seal");

	private final JsonMapper mapper;

	GuestNames(JsonMapper mapper) {
		this.mapper = mapper;
	}

	@Override
	public @Nullable Identity authenticate(ConnectRequest request) {
		if (request.principal() != null || !request.token().isEmpty()) {
			return null;
		}
		String wanted = wantedName(request.data());
		String name = wanted.isEmpty() ? newName() : wanted;
		Payload card = Payload.ofJson(this.mapper.writeValueAsBytes(new Card(name)));
		return Identity.of(name).info(card).data(card);
	}

	private String wantedName(Payload data) {
		String name = nameIn(data).strip();
		if (!name.isEmpty() && !NAME.matcher(name).matches()) {
			throw new RealtimeException(INVALID_NAME, "a name has 1 to 24 letters, digits, spaces, - or _");
		}
		return name;
	}

	private String nameIn(Payload data) {
		if (data.isEmpty()) {
			return "";
		}
		try {
			JsonNode name = this.mapper.readTree(data.bytes()).path("name");
			return name.isString() ? name.stringValue() : "";
		}
		catch (JacksonException ex) {
			return "";
		}
	}

	private static String newName() {
		ThreadLocalRandom random = ThreadLocalRandom.current();
		return ADJECTIVES.get(random.nextInt(ADJECTIVES.size())) + "-" + ANIMALS.get(random.nextInt(ANIMALS.size()))
				+ "-" + random.nextInt(10, 100);
	}

	/**
	 * What the client itself and the members of its rooms get to know.
	 *
	 * @param name the name
	 */
	record Card(String name) {

	}

}
