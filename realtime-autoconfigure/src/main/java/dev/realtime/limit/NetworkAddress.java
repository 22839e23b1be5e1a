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

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * Whose an address is. One subscriber has a whole IPv6 network of 64 bits, so all its
 * addresses count as one.
 *
 * @since 0.1.0
 */
public final class NetworkAddress {

	private static final int NETWORK_BYTES = 8;

	private NetworkAddress() {
	}

	/**
	 * Return what is limited.
	 * @param address an address as the container reports it
	 * @return the network of an IPv6 address; anything else as it is
	 */
	public static String owner(String address) {
		if (address.indexOf(':') < 0) {
			return address;
		}
		try {
			// With a colon it is never looked up
			return (InetAddress.getByName(address) instanceof Inet6Address parsed) ? network(parsed) : address;
		}
		catch (UnknownHostException ex) {
			return address;
		}
	}

	private static String network(Inet6Address address) {
		byte[] bytes = address.getAddress();
		StringBuilder result = new StringBuilder();
		for (int i = 0; i < NETWORK_BYTES; i += 2) {
			result.append(Integer.toHexString((bytes[i] & 0xFF) << 8 | bytes[i + 1] & 0xFF)).append(':');
		}
		return result.append(":/64").toString();
	}

}
