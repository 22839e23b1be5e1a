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

package dev.realtime.naming;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AccessRule}.
 */
class AccessRuleTests {

	@ParameterizedTest
	@CsvSource({ "NOBODY,true,true,false", "NOBODY,false,false,false", "SUBSCRIBERS,true,true,true",
			"SUBSCRIBERS,false,true,true", "SUBSCRIBERS,true,false,false", "AUTHENTICATED,true,false,true",
			"AUTHENTICATED,true,true,true", "AUTHENTICATED,false,true,false", "ANYONE,false,false,true",
			"ANYONE,true,true,true", "HANDLED,true,true,false" })
	void grantsByUserAndMembership(AccessRule rule, boolean authenticated, boolean member, boolean granted) {
		assertThat(rule.grants(authenticated, member)).isEqualTo(granted);
	}

	@ParameterizedTest
	@CsvSource({ "HANDLED,true,SUBSCRIBERS", "HANDLED,false,NOBODY", "NOBODY,true,NOBODY",
			"SUBSCRIBERS,false,SUBSCRIBERS", "AUTHENTICATED,true,AUTHENTICATED", "ANYONE,true,ANYONE" })
	void whatIsHandledIsOpenToMembers(AccessRule rule, boolean handled, AccessRule resolved) {
		assertThat(rule.resolve(handled)).isEqualTo(resolved);
	}

}
