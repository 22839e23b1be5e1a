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

package dev.realtime.it;

import java.security.Principal;
import java.util.List;
import java.util.Map;

import dev.realtime.ErrorCode;
import dev.realtime.Payload;
import dev.realtime.RealtimeException;
import dev.realtime.RealtimeSession;
import dev.realtime.annotation.OnPublish;
import dev.realtime.annotation.OnRpc;
import dev.realtime.annotation.OnSend;
import dev.realtime.annotation.OnSubscribe;
import dev.realtime.annotation.RealtimeController;
import dev.realtime.annotation.RealtimeExceptionHandler;
import dev.realtime.annotation.RoomVariable;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;

import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * A controller whose rooms no property names. Added to the sample by
 * {@code --spring.main.sources}.
 */
@Configuration(proxyBeanMethods = false)
@Import(DeskConfiguration.Desk.class)
class DeskConfiguration {

	static final String SETTING = "--spring.main.sources=" + DeskConfiguration.class.getName();

	/** The sample's own controller gives way: messages without a name have one taker. */
	@Bean
	static BeanDefinitionRegistryPostProcessor withoutChat() {
		return (registry) -> registry.removeBeanDefinition("chatController");
	}

	record Note(@NotBlank String text) {

	}

	record Signed(String text, String by) {

	}

	@RealtimeController
	static class Desk {

		@OnSubscribe("desk:{name}")
		Map<String, String> join(@RoomVariable String name) {
			if (name.equals("closed")) {
				throw new RealtimeException(ErrorCode.PERMISSION_DENIED);
			}
			return Map.of("desk", name);
		}

		@OnPublish("desk:{name}")
		Signed write(@Valid Note note, Principal user) {
			return new Signed(note.text(), user.getName());
		}

		@OnRpc("sum")
		int sum(List<Integer> numbers) {
			return numbers.stream().mapToInt(Integer::intValue).sum();
		}

		@OnRpc("finish")
		void finish() {
			throw new IllegalStateException("finished already");
		}

		@OnSend
		void receive(Note note, RealtimeSession session) {
			session.send(Payload.ofJson("{\"got\":\"" + note.text() + "\"}"));
		}

		@RealtimeExceptionHandler
		RealtimeException explain(IllegalStateException failure) {
			return new RealtimeException(409, String.valueOf(failure.getMessage()));
		}

	}

}
