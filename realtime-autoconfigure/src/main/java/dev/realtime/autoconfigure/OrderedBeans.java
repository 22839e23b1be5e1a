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

package dev.realtime.autoconfigure;

import java.util.AbstractList;
import java.util.List;
import java.util.stream.Stream;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.util.function.SingletonSupplier;

/**
 * The beans of one type in their order, looked up when the list is first used. The engine
 * can so be created before them, and they can have what needs the engine injected: a
 * listener that publishes is no circular dependency. Thread-safe and, once looked up,
 * fixed.
 *
 * @param <T> the type of the beans
 */
final class OrderedBeans<T> extends AbstractList<T> {

	private final SingletonSupplier<List<T>> beans;

	/**
	 * Create the list.
	 * @param provider the beans
	 * @param more what comes after them
	 */
	OrderedBeans(ObjectProvider<T> provider, List<T> more) {
		this.beans = SingletonSupplier.of(() -> Stream.concat(provider.orderedStream(), more.stream()).toList());
	}

	@Override
	public T get(int index) {
		return this.beans.obtain().get(index);
	}

	@Override
	public int size() {
		return this.beans.obtain().size();
	}

}
