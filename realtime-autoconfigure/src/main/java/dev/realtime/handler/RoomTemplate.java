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

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

import dev.realtime.annotation.RealtimePublish;
import dev.realtime.naming.RoomPattern;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanUtils;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.util.ReflectionUtils;

/**
 * The rooms of a {@link RealtimePublish}, made of what stands for their variables.
 */
final class RoomTemplate {

	private static final ParameterNameDiscoverer NAMES = new DefaultParameterNameDiscoverer();

	private final List<RoomPattern> patterns;

	private final String place;

	RoomTemplate(RealtimePublish annotation, String place) {
		this.place = place;
		try {
			this.patterns = Arrays.stream(annotation.value()).map(RoomPattern::of).toList();
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidHandlerException("@RealtimePublish on " + place + ": " + ex.getMessage(),
					"Write it like 'chat:{room}': a namespace, a colon, and what names the room");
		}
	}

	/**
	 * Return the rooms for an object.
	 */
	List<String> rooms(Object payload) {
		return expand((name) -> text(name, component(payload, name)));
	}

	/**
	 * Return the rooms for the result of a method.
	 */
	List<String> rooms(Method method, @Nullable Object[] arguments, Object result) {
		String[] names = NAMES.getParameterNames(method);
		return expand((name) -> {
			int index = (names != null) ? Arrays.asList(names).indexOf(name) : -1;
			return text(name, (index >= 0) ? arguments[index] : component(result, name));
		});
	}

	private List<String> expand(UnaryOperator<String> values) {
		return this.patterns.stream().map((pattern) -> pattern.expand(values)).toList();
	}

	private String text(String name, @Nullable Object value) {
		if (value == null) {
			throw new IllegalStateException(
					"There is nothing for the variable '" + name + "' of @RealtimePublish on " + this.place);
		}
		String text = value.toString();
		if (text.isEmpty() || text.indexOf(':') >= 0) {
			throw new IllegalStateException("The text '" + text + "' would make another kind of room of the variable '"
					+ name + "' of @RealtimePublish on " + this.place);
		}
		return text;
	}

	private static @Nullable Object component(Object object, String name) {
		Method method = ReflectionUtils.findMethod(object.getClass(), name);
		if (method == null || !object.getClass().isRecord()) {
			var property = BeanUtils.getPropertyDescriptor(object.getClass(), name);
			method = (property != null) ? property.getReadMethod() : null;
		}
		if (method == null) {
			return null;
		}
		ReflectionUtils.makeAccessible(method);
		return ReflectionUtils.invokeMethod(method, object);
	}

}
