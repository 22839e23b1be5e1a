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

package dev.realtime.websocket.tomcat;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.Objects;

import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.SendHandler;
import org.apache.tomcat.websocket.WsRemoteEndpointImplBase;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Writes frames of any type from bytes, which Tomcat can do but has no public method for.
 * A frame must not be written before the last one is complete, see {@link FrameSequence}.
 */
final class FrameWriter {

	static final byte TEXT = 1;

	static final byte BINARY = 2;

	static final byte PING = 9;

	private static final String PACKAGE = "org.apache.tomcat.websocket.";

	private static final @Nullable MethodHandle START_MESSAGE = startMessage();

	private static final @Nullable Field BASE = base();

	private final WsRemoteEndpointImplBase endpoint;

	FrameWriter(RemoteEndpoint remote) {
		Assert.state(isAvailable(), "Not the Tomcat that was expected");
		this.endpoint = endpoint(remote);
	}

	private static WsRemoteEndpointImplBase endpoint(RemoteEndpoint remote) {
		try {
			return (WsRemoteEndpointImplBase) Objects.requireNonNull(BASE).get(remote);
		}
		catch (IllegalAccessException ex) {
			throw new IllegalStateException(ex);
		}
	}

	static boolean isAvailable() {
		return START_MESSAGE != null && BASE != null;
	}

	/**
	 * Start to write a frame.
	 * @param type the type of the frame
	 * @param payload what it carries
	 * @param handler is told when it is written
	 */
	void write(byte type, ByteBuffer payload, SendHandler handler) {
		try {
			Objects.requireNonNull(START_MESSAGE).invokeExact(this.endpoint, type, payload, true, handler);
		}
		catch (RuntimeException | Error ex) {
			throw ex;
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Close the connection without a close frame.
	 */
	void drop() {
		this.endpoint.close();
	}

	private static @Nullable MethodHandle startMessage() {
		try {
			Method method = type("WsRemoteEndpointImplBase").getDeclaredMethod("startMessage", byte.class,
					ByteBuffer.class, boolean.class, SendHandler.class);
			method.setAccessible(true);
			return MethodHandles.lookup().unreflect(method);
		}
		catch (ReflectiveOperationException | RuntimeException | LinkageError ex) {
			return null;
		}
	}

	private static @Nullable Field base() {
		try {
			Field field = type("WsRemoteEndpointBase").getDeclaredField("base");
			field.setAccessible(true);
			return field;
		}
		catch (ReflectiveOperationException | RuntimeException | LinkageError ex) {
			return null;
		}
	}

	/** Not initialized: Tomcat reads its buffer size once, when its classes are. */
	private static Class<?> type(String name) throws ClassNotFoundException {
		return Class.forName(PACKAGE + name, false, FrameWriter.class.getClassLoader());
	}

}
