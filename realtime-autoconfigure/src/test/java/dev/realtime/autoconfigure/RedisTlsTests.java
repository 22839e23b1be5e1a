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

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.concurrent.TimeUnit;

import dev.realtime.redis.RedisRelayException;
import dev.realtime.redis.RedisServer;
import dev.realtime.redis.RedisServerOptions;
import dev.realtime.relay.RelayState;
import dev.realtime.relay.RoomRelay;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Tests for the relay with a Redis that is reached by TLS only.
 */
class RedisTlsTests {

	private static final char[] PASSWORD = "changeit".toCharArray();

	@TempDir
	private static Path directory;

	private static RedisServer server;

	private static int port;

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, DataRedisAutoConfiguration.class,
				RealtimeRedisAutoConfiguration.class, RealtimeAutoConfiguration.class))
		.withPropertyValues("spring.application.name=tls", "realtime.relay=redis", "spring.data.redis.host=localhost",
				"spring.data.redis.port=" + port, "spring.data.redis.ssl.bundle=redis",
				"realtime.redis.command-timeout=5s");

	@BeforeAll
	static void startServer() throws Exception {
		createCertificate("server");
		createCertificate("other");
		server = RedisServer.create();
		server.start();
		boolean embedded = server.description().contains("embedded");
		server.close();
		assumeTrue(!embedded, "the Redis that Maven brings has no TLS");
		port = server.port() + 1;
		server = RedisServer
			.create(new RedisServerOptions().port(port - 1)
				.line("tls-port " + port)
				.line("tls-auth-clients no")
				.line("tls-cert-file " + directory.resolve("server.crt"))
				.line("tls-key-file " + directory.resolve("server.key"))
				.line("tls-ca-cert-file " + directory.resolve("server.crt")))
			.start();
	}

	@AfterAll
	static void stopServer() {
		server.close();
	}

	private static void createCertificate(String name)
			throws IOException, GeneralSecurityException, InterruptedException {
		Path store = directory.resolve(name + ".p12");
		Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
				"-genkeypair", "-alias", "redis", "-keyalg", "RSA", "-dname", "CN=localhost", "-ext",
				"san=dns:localhost,ip:127.0.0.1", "-keystore", store.toString(), "-storetype", "PKCS12", "-storepass",
				new String(PASSWORD))
			.inheritIO()
			.start();
		assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
		KeyStore keys = KeyStore.getInstance("PKCS12");
		try (InputStream input = Files.newInputStream(store)) {
			keys.load(input, PASSWORD);
		}
		write(name + ".crt", "CERTIFICATE", keys.getCertificate("redis").getEncoded());
		write(name + ".key", "PRIVATE KEY", keys.getKey("redis", PASSWORD).getEncoded());
	}

	private static void write(String file, String type, byte[] content) throws IOException {
		Files.writeString(directory.resolve(file), "-----BEGIN " + type + "-----\n"
				+ Base64.getMimeEncoder().encodeToString(content) + "\n-----END " + type + "-----\n");
	}

	private ApplicationContextRunner trusting(String name) {
		return this.runner.withPropertyValues(
				"spring.ssl.bundle.pem.redis.truststore.certificate=" + directory.resolve(name + ".crt").toUri());
	}

	@Test
	void withTheBundleOfTheApplicationTheRelayIsLive() {
		trusting("server").run((context) -> {
			assertThat(context).hasNotFailed();
			RoomRelay relay = context.getBean(RoomRelay.class);
			assertThat(relay.state()).isEqualTo(RelayState.LIVE);
		});
	}

	@Test
	void aCertificateThatIsNotTrustedIsSaidAtTheStart() {
		trusting("other").run((context) -> assertThat(context).getFailure()
			.cause()
			.isInstanceOfSatisfying(RedisRelayException.class, (failure) -> {
				assertThat(failure).hasMessageContaining("not trusted");
				assertThat(failure.action()).contains("spring.data.redis.ssl.bundle");
			}));
	}

}
