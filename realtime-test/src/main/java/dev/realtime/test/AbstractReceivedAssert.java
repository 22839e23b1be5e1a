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

package dev.realtime.test;

import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ListAssert;
import org.assertj.core.api.ObjectAssert;
import org.assertj.core.api.ThrowingConsumer;

/**
 * Assertions about things that come one after the other. Each waits until as many are
 * there as it needs, and those that rule out further ones make a round trip first.
 *
 * @param <SELF> the kind of this assertion
 * @param <E> the kind of the things
 * @since 0.1.0
 */
public abstract class AbstractReceivedAssert<SELF extends AbstractReceivedAssert<SELF, E>, E>
		extends AbstractAssert<SELF, RealtimeTestClient> {

	private final Supplier<List<E>> source;

	private final Duration timeout;

	AbstractReceivedAssert(RealtimeTestClient client, Class<?> type, Supplier<List<E>> source, Duration timeout,
			String description) {
		super(client, type);
		this.source = source;
		this.timeout = timeout;
		as(description);
	}

	Supplier<List<E>> source() {
		return this.source;
	}

	Duration timeout() {
		return this.timeout;
	}

	/**
	 * Check that it is these, in this order.
	 * @param values all values
	 * @return this assertion
	 */
	@SafeVarargs
	@SuppressWarnings("varargs")
	public final SELF containsExactly(E... values) {
		whole(values.length).containsExactly(values);
		return this.myself;
	}

	/**
	 * Check that it is these, in any order.
	 * @param values all values
	 * @return this assertion
	 */
	@SafeVarargs
	@SuppressWarnings("varargs")
	public final SELF containsExactlyInAnyOrder(E... values) {
		whole(values.length).containsExactlyInAnyOrder(values);
		return this.myself;
	}

	/**
	 * Check that these are among them.
	 * @param values some values
	 * @return this assertion
	 */
	@SafeVarargs
	@SuppressWarnings("varargs")
	public final SELF contains(E... values) {
		await(() -> this.source.get().containsAll(List.of(values)));
		list().contains(values);
		return this.myself;
	}

	/**
	 * Check that something that holds is among them.
	 * @param requirement what to check of each
	 * @return this assertion
	 */
	public SELF anySatisfy(ThrowingConsumer<? super E> requirement) {
		await(() -> this.source.get().stream().anyMatch((element) -> holds(requirement, element)));
		list().anySatisfy(requirement);
		return this.myself;
	}

	private boolean holds(ThrowingConsumer<? super E> requirement, E element) {
		try {
			requirement.accept(element);
			return true;
		}
		catch (AssertionError ex) {
			return false;
		}
	}

	/**
	 * Check that it is so many, each of which holds.
	 * @param requirements what to check of the first, the second and so on
	 * @return this assertion
	 */
	@SafeVarargs
	@SuppressWarnings("varargs")
	public final SELF satisfiesExactly(ThrowingConsumer<? super E>... requirements) {
		whole(requirements.length).satisfiesExactly(requirements);
		return this.myself;
	}

	/**
	 * Check that it is so many.
	 * @param size the number
	 * @return this assertion
	 */
	public SELF hasSize(int size) {
		whole(size).hasSize(size);
		return this.myself;
	}

	/**
	 * Check that it is so many or more.
	 * @param size the least number
	 * @return this assertion
	 */
	public SELF hasSizeGreaterThanOrEqualTo(int size) {
		some(size).hasSizeGreaterThanOrEqualTo(size);
		return this.myself;
	}

	/**
	 * Go on with the only one.
	 * @return an assertion about the only one
	 */
	public ObjectAssert<E> singleElement() {
		return Assertions.assertThatObject(whole(1).hasSize(1).actual().get(0)).as(descriptionText());
	}

	/**
	 * Go on with one of them.
	 * @param index which one, from 0
	 * @return an assertion about that one
	 */
	public ObjectAssert<E> element(int index) {
		List<? extends E> list = some(index + 1).hasSizeGreaterThan(index).actual();
		return Assertions.assertThatObject((E) list.get(index)).as(descriptionText() + " at index " + index);
	}

	/**
	 * Go on with those that are there by now.
	 * @return an assertion about a list that does not change any more
	 */
	public ListAssert<E> list() {
		return Assertions.assertThat(this.source.get()).as(descriptionText());
	}

	private ListAssert<E> some(int size) {
		await(() -> this.source.get().size() >= size);
		return list();
	}

	private ListAssert<E> whole(int size) {
		some(size);
		this.actual.roundTrip();
		return list();
	}

	private void await(BooleanSupplier condition) {
		this.actual.recorder().monitor().await(condition, this.timeout);
	}

}
