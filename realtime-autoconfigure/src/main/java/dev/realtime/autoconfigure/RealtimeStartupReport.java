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

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

import dev.realtime.naming.Namespaces;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.cloud.CloudPlatform;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.util.StringUtils;

/**
 * Says once how the application is set up, and warns of what is possible but hardly
 * meant.
 */
final class RealtimeStartupReport implements ApplicationListener<ApplicationReadyEvent> {

	private static final Log logger = LogFactory.getLog(RealtimeStartupReport.class);

	private final RealtimeProperties properties;

	private final Namespaces namespaces;

	private final ApplicationBeans beans;

	private final ObjectProvider<RealtimeEndpoint> endpoint;

	private final ApplicationContext context;

	RealtimeStartupReport(RealtimeProperties properties, Namespaces namespaces, ApplicationBeans beans,
			ObjectProvider<RealtimeEndpoint> endpoint, ApplicationContext context) {
		this.properties = properties;
		this.namespaces = namespaces;
		this.beans = beans;
		this.endpoint = endpoint;
		this.context = context;
	}

	@Override
	public void onApplicationEvent(ApplicationReadyEvent event) {
		if (event.getApplicationContext() == this.context) {
			RealtimeEndpoint endpoint = this.endpoint.getIfAvailable();
			logger.info(summary(endpoint));
			warnings(endpoint).forEach(logger::warn);
		}
	}

	private String summary(@Nullable RealtimeEndpoint endpoint) {
		List<String> facts = new ArrayList<>();
		facts.add("endpoint " + ((endpoint != null) ? endpoint.path() : "none"));
		facts.add("relay " + this.properties.getRelay().name().toLowerCase(Locale.ROOT));
		facts.add("anonymous clients " + (isAnonymousAllowed() ? "on" : "off"));
		facts.add("namespaces " + new TreeSet<>(this.namespaces.names()));
		if (endpoint != null) {
			facts.add("send path " + endpoint.sendPath());
		}
		if (StringUtils.hasText(this.properties.getNodeId())) {
			facts.add("node " + this.properties.getNodeId());
		}
		return "Realtime: " + String.join(", ", facts);
	}

	private List<String> warnings(@Nullable RealtimeEndpoint endpoint) {
		List<String> warnings = new ArrayList<>();
		if (isPerhapsOneOfSeveralNodes()) {
			warnings.add("realtime.relay is 'local': if there are several nodes of this application, "
					+ "members of a room get only what is published on their own node");
		}
		if (endpoint != null && !canAnybodyConnect()) {
			warnings.add("No client can connect: there is no Spring Security, there is no ConnectAuthenticator bean, "
					+ "and realtime.security.allow-anonymous is off");
		}
		if (this.namespaces.names().isEmpty()) {
			warnings.add("There are no rooms: no namespace is configured. "
					+ "Add one, for example realtime.namespaces.chat.subscribe=authenticated");
		}
		for (String key : NamespaceKeys.unknown(this.context.getEnvironment())) {
			warnings.add("Ignored, because a namespace has no such setting: " + key
					+ ". A name with a dot in it stands in brackets: realtime.namespaces[a.b]");
		}
		return warnings;
	}

	private boolean isPerhapsOneOfSeveralNodes() {
		CloudPlatform platform = CloudPlatform.getActive(this.context.getEnvironment());
		return this.properties.getRelay() == RealtimeProperties.Relay.LOCAL
				&& ((platform != null && platform != CloudPlatform.NONE)
						|| ConfiguredProperties.anyBelow(this.context.getEnvironment(), "spring.data.redis"));
	}

	private boolean canAnybodyConnect() {
		return isAnonymousAllowed() || !this.beans.authenticators().isEmpty()
				|| this.context.containsBean("springSecurityFilterChain");
	}

	private boolean isAnonymousAllowed() {
		return this.properties.getSecurity().isAllowAnonymous();
	}

}
