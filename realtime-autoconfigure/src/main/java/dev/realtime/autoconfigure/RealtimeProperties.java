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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.realtime.OutagePolicy;
import dev.realtime.outbox.TransactionMode;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;

/**
 * Everything that can be configured: {@code realtime.*}.
 *
 * @since 0.1.0
 */
@ConfigurationProperties("realtime")
public class RealtimeProperties implements InitializingBean {

	/**
	 * Whether there is anything of this library in the application.
	 */
	private boolean enabled = true;

	/**
	 * Path of the WebSocket endpoint, below the context path and the servlet path.
	 */
	private String path = "/realtime";

	/**
	 * Origins other than its own from whose pages browsers may connect, such as
	 * https://app.example.com.
	 */
	private List<String> allowedOrigins = new ArrayList<>();

	/**
	 * What connects the nodes of the application.
	 */
	private Relay relay = Relay.LOCAL;

	/**
	 * Name of this node, different from that of all others. Made up if it is not set.
	 */
	private @Nullable String nodeId;

	@NestedConfigurationProperty
	private final SessionProperties session = new SessionProperties();

	@NestedConfigurationProperty
	private final RateLimitProperties rateLimit = new RateLimitProperties();

	@NestedConfigurationProperty
	private final OutboundProperties outbound = new OutboundProperties();

	@NestedConfigurationProperty
	private final RoomProperties room = new RoomProperties();

	/**
	 * Settings of the rooms of each namespace, by its name. The namespace of a room is
	 * what stands before the first colon of its name. A name with other characters than
	 * letters, digits, hyphens and underscores stands in brackets.
	 */
	private final Map<String, NamespaceProperties> namespaces = new LinkedHashMap<>();

	@NestedConfigurationProperty
	private final RedisProperties redis = new RedisProperties();

	/**
	 * What becomes of publications while the broker is down. They are stored if there is
	 * an outbox, and fail if not.
	 */
	private @Nullable OutagePolicy outagePolicy;

	private final Outage outage = new Outage();

	@NestedConfigurationProperty
	private final OutboxProperties outbox = new OutboxProperties();

	private final Publish publish = new Publish();

	private final Security security = new Security();

	private final Tomcat tomcat = new Tomcat();

	private final Shutdown shutdown = new Shutdown();

	public boolean isEnabled() {
		return this.enabled;
	}

	public void setEnabled(boolean enabled) {
		this.enabled = enabled;
	}

	public String getPath() {
		return this.path;
	}

	public void setPath(String path) {
		this.path = path;
	}

	public List<String> getAllowedOrigins() {
		return this.allowedOrigins;
	}

	public void setAllowedOrigins(List<String> allowedOrigins) {
		this.allowedOrigins = allowedOrigins;
	}

	public Relay getRelay() {
		return this.relay;
	}

	public void setRelay(Relay relay) {
		this.relay = relay;
	}

	public @Nullable String getNodeId() {
		return this.nodeId;
	}

	public void setNodeId(@Nullable String nodeId) {
		this.nodeId = nodeId;
	}

	public SessionProperties getSession() {
		return this.session;
	}

	public RateLimitProperties getRateLimit() {
		return this.rateLimit;
	}

	public OutboundProperties getOutbound() {
		return this.outbound;
	}

	public RoomProperties getRoom() {
		return this.room;
	}

	public Map<String, NamespaceProperties> getNamespaces() {
		return this.namespaces;
	}

	public @Nullable OutagePolicy getOutagePolicy() {
		return this.outagePolicy;
	}

	public void setOutagePolicy(@Nullable OutagePolicy outagePolicy) {
		this.outagePolicy = outagePolicy;
	}

	public Outage getOutage() {
		return this.outage;
	}

	public OutboxProperties getOutbox() {
		return this.outbox;
	}

	public RedisProperties getRedis() {
		return this.redis;
	}

	public Publish getPublish() {
		return this.publish;
	}

	public Security getSecurity() {
		return this.security;
	}

	public Tomcat getTomcat() {
		return this.tomcat;
	}

	public Shutdown getShutdown() {
		return this.shutdown;
	}

	/**
	 * Check that the settings are possible.
	 * @throws InvalidRealtimePropertyException if one is not
	 */
	@Override
	public void afterPropertiesSet() {
		new RealtimePropertiesValidator(this).validate();
	}

	/**
	 * What connects nodes.
	 */
	public enum Relay {

		/** Nothing: there is one node. */
		LOCAL,

		/** Redis. */
		REDIS,

		/** RabbitMQ. */
		RABBIT

	}

	/**
	 * What members notice of an outage of the broker.
	 */
	public static class Outage {

		/**
		 * Whether what is stored during an outage is also delivered to the members on
		 * this node at once, without an offset and in provisional order.
		 */
		private boolean localDelivery;

		public boolean isLocalDelivery() {
			return this.localDelivery;
		}

		public void setLocalDelivery(boolean localDelivery) {
			this.localDelivery = localDelivery;
		}

	}

	/**
	 * Publishing by the application.
	 */
	public static class Publish {

		/**
		 * How long a publication may take before it counts as failed.
		 */
		private Duration timeout = Duration.ofSeconds(2);

		/**
		 * When a publication inside a transaction goes out. Derived from what there is if
		 * it is not set: from the outbox, before the commit if there is a broker only,
		 * and after the commit on a single node.
		 */
		private @Nullable TransactionMode transactional;

		public @Nullable TransactionMode getTransactional() {
			return this.transactional;
		}

		public void setTransactional(@Nullable TransactionMode transactional) {
			this.transactional = transactional;
		}

		public Duration getTimeout() {
			return this.timeout;
		}

		public void setTimeout(Duration timeout) {
			this.timeout = timeout;
		}

	}

	/**
	 * Who may connect.
	 */
	public static class Security {

		/**
		 * Whether clients may connect without a user.
		 */
		private boolean allowAnonymous;

		public boolean isAllowAnonymous() {
			return this.allowAnonymous;
		}

		public void setAllowAnonymous(boolean allowAnonymous) {
			this.allowAnonymous = allowAnonymous;
		}

	}

	/**
	 * What is done to an embedded Tomcat.
	 */
	public static class Tomcat {

		/**
		 * What is done to Tomcat for many WebSocket sessions.
		 */
		private Tuning tuning = Tuning.ENDPOINT;

		public Tuning getTuning() {
			return this.tuning;
		}

		public void setTuning(Tuning tuning) {
			this.tuning = tuning;
		}

		/**
		 * How far Tomcat is tuned.
		 */
		public enum Tuning {

			/**
			 * The sessions of this library, and the number of connections unless it is
			 * set.
			 */
			ENDPOINT,

			/** Not at all. */
			OFF

		}

	}

	/**
	 * How sessions are closed when the application stops.
	 */
	public static class Shutdown {

		/**
		 * Number of sessions that are closed at once, as a batch.
		 */
		private int drainBatchSize = 100;

		/**
		 * Time between closing one batch of sessions and the next.
		 */
		private Duration drainBatchInterval = Duration.ofMillis(100);

		/**
		 * How long closing all sessions in batches may take; the rest is then closed at
		 * once.
		 */
		private Duration drainTimeout = Duration.ofSeconds(30);

		public int getDrainBatchSize() {
			return this.drainBatchSize;
		}

		public void setDrainBatchSize(int drainBatchSize) {
			this.drainBatchSize = drainBatchSize;
		}

		public Duration getDrainBatchInterval() {
			return this.drainBatchInterval;
		}

		public void setDrainBatchInterval(Duration drainBatchInterval) {
			this.drainBatchInterval = drainBatchInterval;
		}

		public Duration getDrainTimeout() {
			return this.drainTimeout;
		}

		public void setDrainTimeout(Duration drainTimeout) {
			this.drainTimeout = drainTimeout;
		}

	}

}
