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

import java.time.Duration;

import org.springframework.util.unit.DataSize;

/**
 * What one session may do, and when it counts as gone: {@code realtime.session.*}.
 *
 * @since 0.1.0
 */
public class SessionProperties {

	/**
	 * How long a client may take to connect after the handshake.
	 */
	private Duration connectTimeout = Duration.ofSeconds(10);

	/**
	 * How often a client is sent a ping; whole seconds.
	 */
	private Duration pingInterval = Duration.ofSeconds(25);

	/**
	 * How long a client may take to answer a ping; shorter than the ping interval.
	 */
	private Duration pongTimeout = Duration.ofSeconds(8);

	/**
	 * Size of the largest message that is accepted from a client.
	 */
	private DataSize maxMessageSize = DataSize.ofKilobytes(64);

	/**
	 * Number of rooms that one session may be a member of; 0 for no limit.
	 */
	private int maxRooms = 256;

	/**
	 * Number of sessions that this node may have; 0 for no limit.
	 */
	private int maxSessions = 0;

	/**
	 * Number of sessions that one IP address may have on this node; 0 for no limit.
	 */
	private int maxSessionsPerIp = 0;

	/**
	 * Number of sessions that one user may have on this node; 0 for no limit.
	 */
	private int maxSessionsPerUser = 0;

	/**
	 * Number of commands of one session that may wait before its socket is no longer
	 * read; 0 for no limit.
	 */
	private int maxPendingCommands = 64;

	/**
	 * Size of the commands of one session that may wait before its socket is no longer
	 * read; 0 for no limit.
	 */
	private DataSize maxPendingSize = DataSize.ofKilobytes(64);

	/**
	 * For how long a member whose connection is lost stays in its rooms, so that nobody
	 * sees it leave and join if it is back by then; 0 for not at all.
	 */
	private Duration leaveGrace = Duration.ZERO;

	public Duration getConnectTimeout() {
		return this.connectTimeout;
	}

	public void setConnectTimeout(Duration connectTimeout) {
		this.connectTimeout = connectTimeout;
	}

	public Duration getPingInterval() {
		return this.pingInterval;
	}

	public void setPingInterval(Duration pingInterval) {
		this.pingInterval = pingInterval;
	}

	public Duration getPongTimeout() {
		return this.pongTimeout;
	}

	public void setPongTimeout(Duration pongTimeout) {
		this.pongTimeout = pongTimeout;
	}

	public DataSize getMaxMessageSize() {
		return this.maxMessageSize;
	}

	public void setMaxMessageSize(DataSize maxMessageSize) {
		this.maxMessageSize = maxMessageSize;
	}

	public int getMaxRooms() {
		return this.maxRooms;
	}

	public void setMaxRooms(int maxRooms) {
		this.maxRooms = maxRooms;
	}

	public int getMaxSessions() {
		return this.maxSessions;
	}

	public void setMaxSessions(int maxSessions) {
		this.maxSessions = maxSessions;
	}

	public int getMaxSessionsPerIp() {
		return this.maxSessionsPerIp;
	}

	public void setMaxSessionsPerIp(int maxSessionsPerIp) {
		this.maxSessionsPerIp = maxSessionsPerIp;
	}

	public int getMaxSessionsPerUser() {
		return this.maxSessionsPerUser;
	}

	public void setMaxSessionsPerUser(int maxSessionsPerUser) {
		this.maxSessionsPerUser = maxSessionsPerUser;
	}

	public int getMaxPendingCommands() {
		return this.maxPendingCommands;
	}

	public void setMaxPendingCommands(int maxPendingCommands) {
		this.maxPendingCommands = maxPendingCommands;
	}

	public DataSize getMaxPendingSize() {
		return this.maxPendingSize;
	}

	public void setMaxPendingSize(DataSize maxPendingSize) {
		this.maxPendingSize = maxPendingSize;
	}

	public Duration getLeaveGrace() {
		return this.leaveGrace;
	}

	public void setLeaveGrace(Duration leaveGrace) {
		this.leaveGrace = leaveGrace;
	}

}
