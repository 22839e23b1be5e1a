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

import java.util.List;

import dev.realtime.ConnectRequest;
import dev.realtime.DisconnectReason;
import dev.realtime.annotation.Room;
import dev.realtime.annotation.RoomVariable;
import dev.realtime.naming.RoomPattern;
import org.jspecify.annotations.Nullable;

import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.MethodParameter;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.core.convert.ConversionService;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;
import org.springframework.messaging.handler.annotation.support.HeadersMethodArgumentResolver;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolverComposite;
import org.springframework.validation.Validator;

/**
 * What parameters methods can have.
 */
final class Arguments {

	private final ParameterNameDiscoverer names = new DefaultParameterNameDiscoverer();

	private final HandlerMethodArgumentResolverComposite special = new HandlerMethodArgumentResolverComposite();

	private final HandlerMethodArgumentResolverComposite all = new HandlerMethodArgumentResolverComposite();

	Arguments(PayloadMessageConverter converter, @Nullable Validator validator, ConversionService conversionService,
			List<HandlerMethodArgumentResolver> resolvers) {
		this.special.addResolver(new InvocationArgumentResolver(conversionService));
		this.special.addResolver(new HeaderArgumentResolver(conversionService));
		this.special.addResolver(new HeadersMethodArgumentResolver());
		this.special.addResolvers(resolvers);
		this.all.addResolvers(this.special.getResolvers());
		this.all.addResolver(new PayloadArgumentResolver(converter, validator));
	}

	HandlerMethodArgumentResolverComposite resolvers() {
		return this.all;
	}

	/**
	 * Return the resolvers of everything but what the client sent.
	 */
	HandlerMethodArgumentResolverComposite withoutPayload() {
		return this.special;
	}

	/**
	 * Check that all parameters of a method can have a value.
	 * @throws InvalidHandlerException if one cannot
	 */
	void check(ControllerMethod method, Kind kind, List<RoomPattern> patterns) {
		Class<?> result = method.method().getMethod().getReturnType();
		if (kind == Kind.CONNECT && (result == boolean.class || result == Boolean.class)) {
			throw new InvalidHandlerException(
					kind + " method " + method + " returns a boolean, which is no decision here",
					"Throw RealtimeException to refuse a client");
		}
		int payloads = 0;
		for (MethodParameter parameter : method.method().getMethodParameters()) {
			parameter.initParameterNameDiscovery(this.names);
			String problem = problem(parameter, kind, patterns);
			payloads += this.special.supportsParameter(parameter) ? 0 : 1;
			if (problem == null && payloads > (kind.hasPayload() ? 1 : 0)) {
				problem = kind.hasPayload() ? "is a second one for what the client sent"
						: "is for what the client sent, which here is nothing";
			}
			if (problem != null) {
				throw new InvalidHandlerException("Parameter " + parameter.getParameterIndex() + " of " + kind
						+ " method " + method + " " + problem, "Change or remove the parameter");
			}
		}
	}

	private static @Nullable String problem(MethodParameter parameter, Kind kind, List<RoomPattern> patterns) {
		Class<?> type = parameter.nestedIfOptional().getNestedParameterType();
		if (parameter.hasParameterAnnotation(RoomVariable.class)) {
			String name = InvocationArgumentResolver.variable(parameter);
			boolean known = kind.hasRoom()
					&& patterns.stream().allMatch((pattern) -> pattern.variables().contains(name));
			return known ? null : "is for the variable '" + name + "', which not every pattern of the method has";
		}
		if (parameter.hasParameterAnnotation(Room.class)) {
			return kind.hasRoom() ? notAString(type) : "is for the room, and there is none";
		}
		if (isHeader(parameter) && kind != Kind.CONNECT) {
			return "is for headers, which clients send only when they connect";
		}
		if (type == ConnectRequest.class && kind != Kind.CONNECT) {
			return "is for what the client said when it connected, which is over";
		}
		return (type == DisconnectReason.class && kind != Kind.DISCONNECT)
				? "is for the end of the session, which has not come" : null;
	}

	private static @Nullable String notAString(Class<?> type) {
		return (type != String.class) ? "is for the name of the room, which is a String" : null;
	}

	private static boolean isHeader(MethodParameter parameter) {
		return parameter.hasParameterAnnotation(Header.class) || parameter.hasParameterAnnotation(Headers.class)
				|| MessageHeaders.class.isAssignableFrom(parameter.getParameterType());
	}

}
