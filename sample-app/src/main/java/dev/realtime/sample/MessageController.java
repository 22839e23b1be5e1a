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

import java.util.stream.Collectors;

import dev.realtime.PublishResult;
import dev.realtime.PublishResult.Published;
import dev.realtime.RealtimeOperations;
import dev.realtime.RelayUnavailableException;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Pattern;

import org.springframework.context.MessageSourceResolvable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.method.annotation.HandlerMethodValidationException;

/**
 * Says something in a room from outside: other services, scripts, <code>curl</code>.
 */
@RestController
class MessageController {

	private static final String ROOM = "[A-Za-z0-9_.@$#/=+-]{1,250}";

	private final RealtimeOperations realtime;

	private final MessageStore messages;

	MessageController(RealtimeOperations realtime, MessageStore messages) {
		this.realtime = realtime;
		this.messages = messages;
	}

	/**
	 * Not transactional, so that it can answer with the position: inside a transaction
	 * that would be known only after the commit.
	 */
	@PostMapping("/api/rooms/{room}/messages")
	ResponseEntity<?> publish(@PathVariable @Pattern(regexp = ROOM, message = "No room has such a name") String room,
			@Valid @RequestBody NewMessage message) {
		PublishResult result = this.realtime.publish("chat:" + room, this.messages.add(room, null, message.text()));
		if (result instanceof Published published) {
			return ResponseEntity.status(HttpStatus.CREATED).body(published.position());
		}
		return ResponseEntity.accepted().build();
	}

	@ExceptionHandler
	ProblemDetail handle(HandlerMethodValidationException ex) {
		String detail = ex.getAllErrors()
			.stream()
			.map(MessageSourceResolvable::getDefaultMessage)
			.collect(Collectors.joining("; "));
		return ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, detail);
	}

	@ExceptionHandler
	ProblemDetail handle(RelayUnavailableException ex) {
		return ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE, "not confirmed, please try again");
	}

}
