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

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;

import dev.realtime.annotation.OnConnect;
import dev.realtime.annotation.OnDisconnect;
import dev.realtime.annotation.OnPublish;
import dev.realtime.annotation.OnRpc;
import dev.realtime.annotation.OnSend;
import dev.realtime.annotation.OnSubscribe;
import dev.realtime.annotation.OnUnsubscribe;
import org.jspecify.annotations.Nullable;

import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationAttributes;

/**
 * What methods are for.
 */
enum Kind {

	CONNECT(OnConnect.class, true, false),

	SUBSCRIBE(OnSubscribe.class, true, true),

	PUBLISH(OnPublish.class, true, true),

	RPC(OnRpc.class, true, false),

	SEND(OnSend.class, true, false),

	UNSUBSCRIBE(OnUnsubscribe.class, false, true),

	DISCONNECT(OnDisconnect.class, false, false);

	private final Class<? extends Annotation> annotation;

	private final boolean payload;

	private final boolean room;

	Kind(Class<? extends Annotation> annotation, boolean payload, boolean room) {
		this.annotation = annotation;
		this.payload = payload;
		this.room = room;
	}

	/**
	 * Return what stands in the annotation of a method.
	 * @return the texts, or {@code null} if the method is not of this kind
	 */
	String @Nullable [] find(Method method) {
		AnnotationAttributes attributes = AnnotatedElementUtils.findMergedAnnotationAttributes(method, this.annotation,
				false, false);
		if (attributes == null) {
			return null;
		}
		return attributes.containsKey("value") ? attributes.getStringArray("value") : new String[0];
	}

	/**
	 * Return whether there is something that the client sent.
	 */
	boolean hasPayload() {
		return this.payload;
	}

	boolean hasRoom() {
		return this.room;
	}

	@Override
	public String toString() {
		return "@" + this.annotation.getSimpleName();
	}

}
