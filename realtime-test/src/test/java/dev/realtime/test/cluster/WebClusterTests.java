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

package dev.realtime.test.cluster;

import dev.realtime.Member;
import dev.realtime.test.RealtimeTestClient;
import dev.realtime.test.app.TestApplication;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static dev.realtime.test.RealtimeAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@Timeout(60)
class WebClusterTests {

	@Test
	void nodesHaveWebServersAndCanGoDown() {
		try (RealtimeTestCluster cluster = RealtimeTestCluster.of(TestApplication.class)
			.withWebServer()
			.properties("realtime.namespaces.game.subscribe=anyone", "realtime.namespaces.game.presence=true")
			.start()) {
			RealtimeTestClient anna = cluster.node(0).connect("anna");
			RealtimeTestClient bob = cluster.node(1).connect("bob");
			anna.subscribe("game:1");
			bob.subscribe("game:1");
			cluster.node(1).operations().publish("game:1", "go");
			assertThat(anna).received("game:1").payloads().containsExactly("go");
			assertThat(bob).received("game:1").payloads().containsExactly("go");
			assertThat(cluster.node(0).context().getEnvironment().getProperty("local.server.port"))
				.isNotEqualTo(cluster.node(1).context().getEnvironment().getProperty("local.server.port"));
			cluster.node(1).close();
			assertThat(bob).isDisconnectedWith(3001);
			assertThat(cluster.node(0).operations().members("game:1")).extracting(Member::user).containsOnly("anna");
		}
	}

	@Test
	void whatIsNoPropertyIsRefused() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> RealtimeTestCluster.of(TestApplication.class).properties("nonsense"))
			.withMessageContaining("nonsense");
	}

}
