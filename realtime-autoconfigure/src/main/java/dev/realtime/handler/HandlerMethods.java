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
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

import dev.realtime.PayloadConverter;
import dev.realtime.annotation.RealtimeController;
import dev.realtime.naming.RoomPattern;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.OrderUtils;
import org.springframework.core.convert.ConversionService;
import org.springframework.messaging.handler.HandlerMethod;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.util.ClassUtils;
import org.springframework.validation.Validator;

/**
 * Finds the methods of the controllers, without creating the beans, and checks that they
 * can be called.
 *
 * @since 0.1.0
 */
public final class HandlerMethods {

	private static final Comparator<ControllerMethod> ORDER = Comparator.comparing(ControllerMethod::method,
			Comparator.<HandlerMethod>comparingInt(HandlerMethods::order)
				.thenComparing((method) -> method.getBean().toString())
				.thenComparing((method) -> method.getMethod().toString()));

	private final ListableBeanFactory beans;

	private final Arguments arguments;

	private final AnnotatedHandlers handlers;

	private HandlerMethods(ListableBeanFactory beans, Arguments arguments, AnnotatedHandlers handlers) {
		this.beans = beans;
		this.arguments = arguments;
		this.handlers = handlers;
	}

	/**
	 * Find the methods of all controllers.
	 * @param beans where the controllers are
	 * @param converter reads payloads and writes results
	 * @param validator validates payloads, or {@code null}
	 * @param conversionService converts variables of rooms
	 * @param resolvers further kinds of parameters
	 * @return the handlers
	 * @throws InvalidHandlerException if a method cannot do what it is meant for
	 */
	public static RealtimeHandlers find(ListableBeanFactory beans, PayloadConverter converter,
			@Nullable Validator validator, ConversionService conversionService,
			List<HandlerMethodArgumentResolver> resolvers) {
		AnnotatedHandlers handlers = new AnnotatedHandlers(converter);
		Arguments arguments = new Arguments(new PayloadMessageConverter(converter), validator, conversionService,
				resolvers);
		new HandlerMethods(beans, arguments, handlers).find();
		return handlers;
	}

	private void find() {
		List<ControllerMethod> methods = new ArrayList<>();
		for (String name : this.beans.getBeanNamesForAnnotation(RealtimeController.class)) {
			Class<?> type = this.beans.getType(name);
			if (type != null && !name.startsWith("scopedTarget.")) {
				find(name, ClassUtils.getUserClass(type), methods);
			}
		}
		methods.stream().sorted(ORDER).forEach(this::register);
	}

	private void find(String name, Class<?> type, List<ControllerMethod> methods) {
		boolean singleton = this.beans.isSingleton(name);
		HandlerErrors errors = new HandlerErrors(type, this.arguments.withoutPayload());
		MethodIntrospector.selectMethods(type, (Method method) -> isHandler(method))
			.forEach((method) -> methods.add(new ControllerMethod(new HandlerMethod(name, this.beans, method),
					singleton, this.arguments.resolvers(), errors)));
	}

	private static boolean isHandler(Method method) {
		return Arrays.stream(Kind.values()).anyMatch((kind) -> kind.find(method) != null);
	}

	private static int order(HandlerMethod method) {
		Integer order = OrderUtils.getOrder(method.getMethod());
		return (order != null) ? order : OrderUtils.getOrder(method.getBeanType(), Ordered.LOWEST_PRECEDENCE);
	}

	private void register(ControllerMethod method) {
		for (Kind kind : Kind.values()) {
			String[] values = kind.find(method.method().getMethod());
			if (values != null) {
				checkVisible(method, kind);
				List<RoomPattern> patterns = kind.hasRoom() ? patterns(method, values) : List.of();
				this.arguments.check(method, kind, patterns);
				this.handlers.add(kind, method, patterns, values);
			}
		}
	}

	private static void checkVisible(ControllerMethod method, Kind kind) {
		if (Modifier.isPrivate(method.method().getMethod().getModifiers())) {
			throw new InvalidHandlerException(kind + " method " + method + " is private", ControllerMethod.VISIBILITY);
		}
	}

	private static List<RoomPattern> patterns(ControllerMethod method, String[] values) {
		try {
			return Arrays.stream(values).map(RoomPattern::of).toList();
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidHandlerException(method + ": " + ex.getMessage(),
					"Write it like 'chat:{room}': a namespace, a colon, and what names the room");
		}
	}

}
