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

import dev.realtime.PublishResult;
import dev.realtime.PublishResult.Published;
import dev.realtime.RealtimeOperations;
import dev.realtime.RelayUnavailableException;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/**
 * Says something in a room from outside: other services, scripts, <code>curl</code>.
 */
@RestController
class MessageController {

	private static final int MAX_TEXT = 4000;

	private final RealtimeOperations realtime;

	MessageController(RealtimeOperations realtime) {
		this.realtime = realtime;
	}

	@PostMapping("/api/rooms/{room}/messages")
	ResponseEntity<?> publish(@PathVariable String room, @RequestBody Message message) {
		String text = message.text();
		if (text == null || text.isBlank() || text.length() > MAX_TEXT) {
			throw new IllegalArgumentException("text must have 1 to " + MAX_TEXT + " characters and not be blank");
		}
		PublishResult result = this.realtime.publish("chat:" + room, message);
		if (result instanceof Published published) {
			return ResponseEntity.status(HttpStatus.CREATED).body(published.position());
		}
		return ResponseEntity.accepted().build();
	}

	@ExceptionHandler
	ProblemDetail handle(IllegalArgumentException ex) {
		return ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, ex.getMessage());
	}

	@ExceptionHandler
	ProblemDetail handle(RelayUnavailableException ex) {
		return ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE, "not confirmed, please try again");
	}

	/**
	 * A message of the chat, the same from here and from a client.
	 *
	 * @param text the text, kept as it is
	 */
	record Message(@Nullable String text) {

	}

}
