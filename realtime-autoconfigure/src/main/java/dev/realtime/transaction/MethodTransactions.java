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

package dev.realtime.transaction;

import java.lang.reflect.Method;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionManager;
import org.springframework.transaction.UnexpectedRollbackException;
import org.springframework.transaction.annotation.AnnotationTransactionAttributeSource;
import org.springframework.transaction.interceptor.TransactionAspectSupport;
import org.springframework.transaction.interceptor.TransactionAttribute;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.util.function.SingletonSupplier;

/**
 * Opens the transactions that methods ask for by {@code @Transactional}, by the same
 * rules as Spring does. Methods that would not join such a transaction get none here.
 */
final class MethodTransactions {

	private final Aspect aspect = new Aspect();

	private final SingletonSupplier<Boolean> available;

	MethodTransactions(BeanFactory beans) {
		this.aspect.setTransactionAttributeSource(new JoinableAttributes());
		this.aspect.setBeanFactory(beans);
		this.available = SingletonSupplier
			.of(() -> beans.getBeanProvider(TransactionManager.class).stream().findAny().isPresent());
	}

	<T> T run(Method method, Class<?> type, Callable<T> action) throws Exception {
		if (!this.available.obtain()) {
			return action.call();
		}
		AtomicBoolean undone = new AtomicBoolean();
		T result = this.aspect.run(method, type, () -> {
			if (TransactionSynchronizationManager.isSynchronizationActive()) {
				TransactionSynchronizationManager.registerSynchronization(new Watcher(undone));
			}
			return action.call();
		});
		if (undone.get()) {
			throw new UnexpectedRollbackException("The transaction of " + method + " has been rolled back");
		}
		return result;
	}

	/**
	 * Notices a rollback that no exception tells of.
	 */
	private record Watcher(AtomicBoolean undone) implements TransactionSynchronization {

		@Override
		public void afterCompletion(int status) {
			this.undone.set(status == STATUS_ROLLED_BACK);
		}

	}

	/**
	 * Gives access to what Spring's own interceptor does.
	 */
	private static final class Aspect extends TransactionAspectSupport {

		@SuppressWarnings("unchecked")
		<T> T run(Method method, Class<?> type, Callable<T> action) throws Exception {
			try {
				return (T) Objects.requireNonNull(invokeWithinTransaction(method, type, action::call));
			}
			catch (Exception | Error ex) {
				throw ex;
			}
			catch (Throwable ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

	/**
	 * The attributes of methods that join a transaction. There is none where they are
	 * called, so that all others behave the same with and without it.
	 */
	private static final class JoinableAttributes extends AnnotationTransactionAttributeSource {

		private static final long serialVersionUID = 1L;

		JoinableAttributes() {
			super(false);
		}

		@Override
		public @Nullable TransactionAttribute getTransactionAttribute(Method method, @Nullable Class<?> targetClass) {
			TransactionAttribute attribute = super.getTransactionAttribute(method, targetClass);
			boolean joins = attribute != null
					&& attribute.getPropagationBehavior() == TransactionDefinition.PROPAGATION_REQUIRED;
			return joins ? attribute : null;
		}

	}

}
