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

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.validation.Errors;
import org.springframework.validation.SmartValidator;
import org.springframework.validation.Validator;

/**
 * The application's validator, looked up for the first payload. It may be that of Spring
 * MVC, which needs all that configures Spring MVC, and that may publish. Thread-safe.
 */
final class LazyValidator implements SmartValidator {

	private final SingletonSupplier<Validator> validator;

	LazyValidator(ObjectProvider<Validator> validator) {
		this.validator = SingletonSupplier.ofNullable(validator::getIfUnique);
	}

	@Override
	public boolean supports(Class<?> type) {
		Validator validator = this.validator.get();
		return validator != null && validator.supports(type);
	}

	@Override
	public void validate(Object target, Errors errors) {
		validate(target, errors, new Object[0]);
	}

	@Override
	public void validate(Object target, Errors errors, @Nullable Object... hints) {
		Validator validator = this.validator.get();
		if (validator instanceof SmartValidator smartValidator && hints.length > 0) {
			smartValidator.validate(target, errors, hints);
		}
		else if (validator != null) {
			validator.validate(target, errors);
		}
	}

}
