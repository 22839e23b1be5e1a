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

package dev.realtime.it;

import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Looks for the programs of {@link RequiresCommands}.
 */
final class RequiresCommandsCondition implements ExecutionCondition {

	@Override
	public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
		List<String> missing = AnnotationSupport.findAnnotation(context.getElement(), RequiresCommands.class)
			.map((required) -> Arrays.stream(required.value()).filter((name) -> RealParts.find(name) == null).toList())
			.orElse(List.of());
		if (missing.isEmpty()) {
			return ConditionEvaluationResult.enabled("everything is installed");
		}
		String message = context.getDisplayName() + ", not installed: " + String.join(", ", missing);
		return ConditionEvaluationResult.disabled(RealParts.skip(message).getMessage());
	}

}
