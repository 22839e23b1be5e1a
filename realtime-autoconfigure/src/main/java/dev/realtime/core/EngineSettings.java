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

package dev.realtime.core;

import java.time.Duration;

import dev.realtime.session.OutboundLimits;

/**
 * The numbers of the engine. A limit of 0 is no limit where the name starts with
 * {@code maxSessions} or {@code maxNode}.
 *
 * @param connectTimeout how long a client may take to connect
 * @param pingInterval the time between two pings, in whole seconds
 * @param pongTimeout the time to answer one
 * @param allowAnonymous whether clients without credentials are let in
 * @param maxRoomsPerSession how many rooms a session may be in
 * @param maxSessionsPerUser how many sessions a user may have on this node
 * @param maxSessionsPerAddress how many sessions an address may have on this node
 * @param maxPendingCommands how many commands of a session may wait before it is not read
 * @param maxPendingBytes how many bytes of them
 * @param recoveryLimit how many missed publications are recovered
 * @param commandTimeout how long a blocking operation waits
 * @param outbound the bounds of a session's queue
 * @param maxNodeOutboundBytes the bound of all queues together
 * @param drainBatchSize how many sessions are ended at a time when the node goes down
 * @param drainBatchInterval the time between two such batches
 * @param drainTimeout how long to wait for all of them to be gone
 * @param leaveGrace for how long a member stays whose connection is lost, possibly zero
 * @param inbound how much of what clients want is taken
 * @since 0.1.0
 */
public record EngineSettings(Duration connectTimeout, Duration pingInterval, Duration pongTimeout,
		boolean allowAnonymous, int maxRoomsPerSession, int maxSessionsPerUser, int maxSessionsPerAddress,
		int maxPendingCommands, int maxPendingBytes, int recoveryLimit, Duration commandTimeout,
		OutboundLimits outbound, long maxNodeOutboundBytes, int drainBatchSize, Duration drainBatchInterval,
		Duration drainTimeout, Duration leaveGrace, InboundLimits inbound) {

	/**
	 * Create settings by which a member whose connection is lost leaves at once, and that
	 * take all that clients want.
	 * @param connectTimeout how long a client may take to connect
	 * @param pingInterval the time between two pings, in whole seconds
	 * @param pongTimeout the time to answer one
	 * @param allowAnonymous whether clients without credentials are let in
	 * @param maxRoomsPerSession how many rooms a session may be in
	 * @param maxSessionsPerUser how many sessions a user may have on this node
	 * @param maxSessionsPerAddress how many sessions an address may have on this node
	 * @param maxPendingCommands how many commands of a session may wait before it is not
	 * read
	 * @param maxPendingBytes how many bytes of them
	 * @param recoveryLimit how many missed publications are recovered
	 * @param commandTimeout how long a blocking operation waits
	 * @param outbound the bounds of a session's queue
	 * @param maxNodeOutboundBytes the bound of all queues together
	 * @param drainBatchSize how many sessions are ended at a time when the node goes down
	 * @param drainBatchInterval the time between two such batches
	 * @param drainTimeout how long to wait for all of them to be gone
	 */
	public EngineSettings(Duration connectTimeout, Duration pingInterval, Duration pongTimeout, boolean allowAnonymous,
			int maxRoomsPerSession, int maxSessionsPerUser, int maxSessionsPerAddress, int maxPendingCommands,
			int maxPendingBytes, int recoveryLimit, Duration commandTimeout, OutboundLimits outbound,
			long maxNodeOutboundBytes, int drainBatchSize, Duration drainBatchInterval, Duration drainTimeout) {
		this(connectTimeout, pingInterval, pongTimeout, allowAnonymous, maxRoomsPerSession, maxSessionsPerUser,
				maxSessionsPerAddress, maxPendingCommands, maxPendingBytes, recoveryLimit, commandTimeout, outbound,
				maxNodeOutboundBytes, drainBatchSize, drainBatchInterval, drainTimeout, Duration.ZERO,
				InboundLimits.NONE);
	}

}
