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

package dev.realtime.limit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link NetworkAddress}.
 */
class NetworkAddressTests {

	@ParameterizedTest
	@ValueSource(strings = { "10.0.0.1", "unknown", "", "a.example.com", "not:an:address", "1.2.3.4:80" })
	void whatIsNotIpv6OwnsItself(String address) {
		assertThat(NetworkAddress.owner(address)).isEqualTo(address);
	}

	@ParameterizedTest
	@ValueSource(strings = { "2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:0DB8:0001:0002:0:0:0:7",
			"[2001:db8:1:2::9]" })
	void addressesOfOneNetworkHaveOneOwner(String address) {
		assertThat(NetworkAddress.owner(address)).isEqualTo("2001:db8:1:2::/64");
	}

	@Test
	void anotherNetworkIsAnotherOwner() {
		assertThat(NetworkAddress.owner("2001:db8:1:3::1")).isEqualTo("2001:db8:1:3::/64");
		assertThat(NetworkAddress.owner("0:0:0:0:0:0:0:1")).isEqualTo("0:0:0:0::/64");
	}

}
