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

package dev.realtime.autoconfigure.security;

import dev.realtime.RoomAccess;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.ResolvableType;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.security.authorization.AuthorizationManager;

/**
 * Matches when there is an {@code AuthorizationManager<RoomAccess>}. Without one there is
 * no reason to leave the thread of a command for a check.
 */
class OnRoomAuthorizationManagerCondition extends SpringBootCondition implements ConfigurationCondition {

	private static final ResolvableType MANAGER = ResolvableType.forClassWithGenerics(AuthorizationManager.class,
			RoomAccess.class);

	@Override
	public ConfigurationPhase getConfigurationPhase() {
		return ConfigurationPhase.REGISTER_BEAN;
	}

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		ConfigurableListableBeanFactory beans = context.getBeanFactory();
		boolean found = beans != null && beans.getBeanNamesForType(MANAGER, true, false).length > 0;
		ConditionMessage.Builder message = ConditionMessage.forCondition("AuthorizationManager<RoomAccess>");
		return new ConditionOutcome(found, found ? message.because("there is one") : message.because("there is none"));
	}

}
