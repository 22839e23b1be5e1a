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

import java.util.function.Supplier;

import dev.realtime.RealtimeOperations;
import dev.realtime.annotation.RealtimePublish;

import org.springframework.aop.framework.autoproxy.AbstractBeanFactoryAwareAdvisingPostProcessor;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.annotation.AnnotationMatchingPointcut;

/**
 * Lets methods that are marked with {@link RealtimePublish} publish what they return.
 * Inside the proxy of a transactional method it belongs to the transaction.
 *
 * @since 0.1.0
 */
public final class RealtimePublishPostProcessor extends AbstractBeanFactoryAwareAdvisingPostProcessor {

	private static final long serialVersionUID = 1L;

	private final transient RealtimePublishInterceptor interceptor;

	/**
	 * Create a post-processor.
	 * @param operations where to publish, looked up with the first publication
	 * @param proxyTargetClass whether proxies are subclasses
	 */
	public RealtimePublishPostProcessor(Supplier<RealtimeOperations> operations, boolean proxyTargetClass) {
		setProxyTargetClass(proxyTargetClass);
		this.interceptor = new RealtimePublishInterceptor(operations);
		this.advisor = new DefaultPointcutAdvisor(new AnnotationMatchingPointcut(null, RealtimePublish.class, true),
				this.interceptor);
	}

	@Override
	protected boolean isEligible(Class<?> targetClass) {
		boolean eligible = super.isEligible(targetClass);
		if (eligible) {
			this.interceptor.prepare(targetClass);
		}
		return eligible;
	}

}
