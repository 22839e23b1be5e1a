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

/**
 * How often clients may do what, on each node: {@code realtime.rate-limit.*}. A command
 * that comes too soon is answered with error 111, a handshake with status 503.
 *
 * @since 0.1.0
 */
public class RateLimitProperties {

	/**
	 * Whether there are limits of this kind at all.
	 */
	private boolean enabled = true;

	/**
	 * How much may come at once after a pause: what each rate allows in this time.
	 */
	private Duration burst = Duration.ofSeconds(5);

	/**
	 * Commands of one session, of any kind, per second; 0 for no limit.
	 */
	private int commands = 100;

	/**
	 * Publications of one session per second; 0 for no limit.
	 */
	private int publishes = 50;

	/**
	 * Subscribe commands of one session per second; 0 for no limit.
	 */
	private int subscribes = 0;

	/**
	 * History and presence commands of one session per second; 0 for no limit.
	 */
	private int reads = 0;

	/**
	 * Rpc and send commands of one session per second; 0 for no limit.
	 */
	private int calls = 0;

	/**
	 * Commands of all sessions of one user per second; 0 for no limit.
	 */
	private int commandsPerUser = 0;

	/**
	 * Commands of all sessions of one IP address per second; 0 for no limit.
	 */
	private int commandsPerIp = 0;

	/**
	 * Handshakes of all clients per second; 0 for no limit.
	 */
	private int connects = 0;

	/**
	 * Handshakes of one IP address per second; 0 for no limit.
	 */
	private int connectsPerIp = 0;

	/**
	 * Refused commands of one session per second before it is closed; 0 for never closing
	 * one.
	 */
	private int refusals = 50;

	public boolean isEnabled() {
		return this.enabled;
	}

	public void setEnabled(boolean enabled) {
		this.enabled = enabled;
	}

	public Duration getBurst() {
		return this.burst;
	}

	public void setBurst(Duration burst) {
		this.burst = burst;
	}

	public int getCommands() {
		return this.commands;
	}

	public void setCommands(int commands) {
		this.commands = commands;
	}

	public int getPublishes() {
		return this.publishes;
	}

	public void setPublishes(int publishes) {
		this.publishes = publishes;
	}

	public int getSubscribes() {
		return this.subscribes;
	}

	public void setSubscribes(int subscribes) {
		this.subscribes = subscribes;
	}

	public int getReads() {
		return this.reads;
	}

	public void setReads(int reads) {
		this.reads = reads;
	}

	public int getCalls() {
		return this.calls;
	}

	public void setCalls(int calls) {
		this.calls = calls;
	}

	public int getCommandsPerUser() {
		return this.commandsPerUser;
	}

	public void setCommandsPerUser(int commandsPerUser) {
		this.commandsPerUser = commandsPerUser;
	}

	public int getCommandsPerIp() {
		return this.commandsPerIp;
	}

	public void setCommandsPerIp(int commandsPerIp) {
		this.commandsPerIp = commandsPerIp;
	}

	public int getConnects() {
		return this.connects;
	}

	public void setConnects(int connects) {
		this.connects = connects;
	}

	public int getConnectsPerIp() {
		return this.connectsPerIp;
	}

	public void setConnectsPerIp(int connectsPerIp) {
		this.connectsPerIp = connectsPerIp;
	}

	public int getRefusals() {
		return this.refusals;
	}

	public void setRefusals(int refusals) {
		this.refusals = refusals;
	}

}
