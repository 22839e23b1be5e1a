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

package dev.realtime.handler;

import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

import dev.realtime.PublishOptions;
import dev.realtime.RealtimeOperations;
import dev.realtime.annotation.RealtimePublish;

import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ConcurrentReferenceHashMap;

/**
 * Publishes the application events whose type is marked with {@link RealtimePublish}, on
 * the thread and in the transaction of who publishes the event. Thread-safe.
 *
 * @since 0.1.0
 */
public final class RealtimeEventPublisher implements ApplicationListener<ApplicationEvent> {

	private final Map<Class<?>, Optional<RoomTemplate>> templates = new ConcurrentReferenceHashMap<>();

	private final Supplier<RealtimeOperations> operations;

	/**
	 * Create a publisher.
	 * @param operations where to publish, looked up with the first event that is marked
	 */
	public RealtimeEventPublisher(Supplier<RealtimeOperations> operations) {
		this.operations = operations;
	}

	@Override
	public void onApplicationEvent(ApplicationEvent event) {
		Object payload = (event instanceof PayloadApplicationEvent<?> wrapper) ? wrapper.getPayload() : event;
		this.templates.computeIfAbsent(payload.getClass(), RealtimeEventPublisher::template)
			.ifPresent(
					(template) -> this.operations.get().publish(template.rooms(payload), payload, PublishOptions.NONE));
	}

	private static Optional<RoomTemplate> template(Class<?> type) {
		RealtimePublish annotation = AnnotationUtils.findAnnotation(type, RealtimePublish.class);
		return Optional.ofNullable(annotation).map((present) -> new RoomTemplate(present, type.getName()));
	}

}
