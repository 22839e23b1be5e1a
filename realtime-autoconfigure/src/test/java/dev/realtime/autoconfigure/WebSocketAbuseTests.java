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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.realtime.core.RealtimeEngine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What RFC 6455 forbids, and what it allows but nobody should do, against a real server:
 * each ends with the right code, leaves no session behind and harms nobody else.
 */
@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
class WebSocketAbuseTests {

	private static final int FIN = 0x80;

	private static ServletWebServerApplicationContext context;

	private static int port;

	private RawSocket honest;

	@BeforeAll
	static void start() {
		context = (ServletWebServerApplicationContext) SpringApplication.run(Application.class, "--server.port=0",
				"--realtime.security.allow-anonymous=true", "--realtime.session.connect-timeout=3s",
				"--realtime.namespaces.chat.subscribe=anyone", "--realtime.namespaces.chat.publish=anyone");
		port = context.getWebServer().getPort();
	}

	@AfterAll
	static void stop() {
		context.close();
	}

	@BeforeEach
	void connect() throws IOException {
		this.honest = RawSocket.open(port).text("{\"id\":1,\"connect\":{}}");
		assertThat(this.honest.next()).contains("\"connect\":{");
	}

	@AfterEach
	void nobodyElseIsHarmed(CapturedOutput output) throws IOException {
		this.honest.text("{\"id\":2,\"publish\":{\"channel\":\"chat:1\",\"data\":1}}");
		assertThat(this.honest.next()).isEqualTo("{\"id\":2,\"publish\":{}}");
		this.honest.close();
		await().atMost(Duration.ofSeconds(20)).until(() -> context.getBean(RealtimeEngine.class).sessionCount() == 0);
		assertThat(output.getAll()).doesNotContain(" ERROR ", "at dev.realtime", "Exception in thread");
	}

	static Stream<Arguments> frames() {
		return Stream.of(header(), controlFrames(), fragments(), closeCodes(), texts(), sizes(), messages())
			.flatMap((rows) -> rows);
	}

	private static Arguments row(String name, String code, byte[]... frames) {
		return Arguments.of(name, code, frames);
	}

	private static byte[] frame(int firstByte, byte... payload) {
		return RawSocket.bytes(firstByte, true, payload);
	}

	private static byte[] text(String text) {
		return frame(FIN | RawSocket.TEXT, text.getBytes(StandardCharsets.UTF_8));
	}

	private static byte[] hex(String hex) {
		return HexFormat.of().parseHex(hex.replace(" ", ""));
	}

	private static Stream<Arguments> header() {
		Stream<Arguments> opcodes = IntStream.of(3, 4, 5, 6, 7, 11, 12, 13, 14, 15)
			.mapToObj((opcode) -> row("opcode " + opcode, "1002", frame(FIN | opcode)));
		return Stream.concat(opcodes,
				Stream.of(row("unmasked", "1002", RawSocket.bytes(FIN | RawSocket.TEXT, false, (byte) '{')),
						row("unmasked close", "1002", RawSocket.bytes(FIN | RawSocket.CLOSE, false, hex("03e8"))),
						row("RSV1, not negotiated", "1002", frame(0xC1, (byte) 1)),
						row("RSV2", "1002", frame(0xA1, (byte) 1)), row("RSV3", "1002", frame(0x91, (byte) 1)),
						row("RSV1 of a ping", "1002", frame(0xC9)),
						row("length of 64 bits, negative", "1002", hex("81 ff ffffffffffffffff 00000000")),
						row("length of 64 bits, largest, and nothing follows", "3502",
								hex("81 ff 7fffffffffffffff 00000000")),
						row("length of 2 GB, and 80 KB follow", "1009", hex("81 ff 0000000080000000 00000000"),
								" ".repeat(80_000).getBytes(StandardCharsets.UTF_8))));
	}

	private static Stream<Arguments> controlFrames() {
		return Stream.of(row("ping of 126 bytes", "1002", frame(FIN | RawSocket.PING, new byte[126])),
				row("pong of 65536 bytes", "1002", frame(FIN | RawSocket.PONG, new byte[65536])),
				row("close of 126 bytes", "1002", frame(FIN | RawSocket.CLOSE, new byte[126])),
				row("ping in fragments", "1002", frame(RawSocket.PING)),
				row("close in fragments", "1002", frame(RawSocket.CLOSE, hex("03e8"))));
	}

	private static Stream<Arguments> fragments() {
		return Stream.of(row("continuation of nothing", "1002", frame(FIN, (byte) 'a')),
				row("continuation of nothing, more to come", "1002", frame(0, (byte) 'a')),
				row("text inside a text", "1002", frame(RawSocket.TEXT, (byte) '{'), text("{}")),
				row("binary inside a text", "1002", frame(RawSocket.TEXT, (byte) '{'), frame(FIN | RawSocket.BINARY)),
				row("continuation after the last", "1002", text("{\"id\":1,\"connect\":{}}"), frame(FIN)));
	}

	private static Stream<Arguments> closeCodes() {
		Stream<Arguments> bad = IntStream.of(0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535)
			.mapToObj((code) -> row("close with " + code, "1002",
					frame(FIN | RawSocket.CLOSE, (byte) (code >> 8), (byte) code)));
		Stream<Arguments> good = IntStream.of(1000, 1001, 3000, 4999)
			.mapToObj((code) -> row("close with " + code, String.valueOf(code),
					frame(FIN | RawSocket.CLOSE, (byte) (code >> 8), (byte) code)));
		return Stream
			.of(bad, good,
					Stream.of(row("close with one byte", "1002", frame(FIN | RawSocket.CLOSE, (byte) 3)),
							row("close with a reason that is no UTF-8", "1002",
									frame(FIN | RawSocket.CLOSE, hex("03e8 c328"))),
							row("close and then data", "1000", frame(FIN | RawSocket.CLOSE, hex("03e8")), text("{}"))))
			.flatMap((rows) -> rows);
	}

	private static Stream<Arguments> texts() {
		Stream<Arguments> broken = Stream
			.of("c328", "ff", "80", "e28228", "f0288cbc", "f8888080 80", "c0af", "eda080", "f4908080", "e282", "f09f98")
			.map((bytes) -> row("text of " + bytes, "1007", frame(FIN | RawSocket.TEXT, hex(bytes))));
		return Stream.concat(broken,
				Stream.of(
						row("broken at the border of fragments", "1007", frame(RawSocket.TEXT, hex("22e2")),
								frame(FIN, hex("2822"))),
						row("cut off by a ping, then broken", "1007", frame(RawSocket.TEXT, hex("22e282")),
								frame(FIN | RawSocket.PING), frame(FIN, hex("22")))));
	}

	private static Stream<Arguments> sizes() {
		byte[] many = new byte[64 * 1024 + 1];
		Arrays.fill(many, (byte) ' ');
		return Stream.of(row("a message that is one byte too large", "1009", frame(FIN | RawSocket.TEXT, many)),
				row("a message that is too large in fragments", "1009",
						frame(RawSocket.TEXT, Arrays.copyOf(many, 40_000)), frame(0, Arrays.copyOf(many, 20_000)),
						frame(FIN, Arrays.copyOf(many, 5_537))),
				row("a million fragments of one byte", "1009", frame(RawSocket.TEXT, (byte) ' '),
						repeat(frame(0, (byte) ' '), 1_000_000)),
				row("a million fragments of nothing", "1009", frame(RawSocket.TEXT), repeat(frame(0), 1_000_000)));
	}

	private static byte[] repeat(byte[] frame, int times) {
		byte[] result = new byte[frame.length * times];
		for (int i = 0; i < result.length; i += frame.length) {
			System.arraycopy(frame, 0, result, i, frame.length);
		}
		return result;
	}

	private static Stream<Arguments> messages() {
		return Stream.of(row("a text of nothing", "3501", text("")),
				row("a text that is no JSON", "3501", text("hello")), row("an array", "3501", text("[]")),
				row("a line feed", "3501", text("\n")), row("two values in a line", "3501", text("{}{}")),
				row("binary for JSON", "3501", frame(0x82, hex("00"))),
				row("a command before connect", "3501", text("{\"id\":1,\"subscribe\":{\"channel\":\"chat:1\"}}")),
				row("a second connect", "3501", text("{\"id\":1,\"connect\":{}}\n{\"id\":2,\"connect\":{}}")),
				row("a hundred thousand brackets", "1009", text("[".repeat(100_000))),
				row("sixty thousand brackets", "3501", text("[".repeat(60_000))),
				row("a pong before connect", "3501", text("{}")));
	}

	@ParameterizedTest(name = "{0}: {1}")
	@MethodSource("frames")
	void endsWithTheRightCode(String name, String code, byte[][] frames) throws Exception {
		try (RawSocket socket = RawSocket.open(port)) {
			Thread writer = new Thread(() -> write(socket, frames), "abuse");
			writer.start();
			assertThat(socket.ending()).as(name).isEqualTo(code);
			socket.close();
			writer.join();
		}
	}

	/** The server may be gone before the client has said everything. */
	private static void write(RawSocket socket, byte[][] frames) {
		try {
			for (byte[] frame : frames) {
				socket.raw(frame);
			}
		}
		catch (IOException ex) {
			assertThat(frames.length).isPositive();
		}
	}

	static Stream<Arguments> handshakes() {
		String key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
		String upgrade = "Host: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n";
		String version = "Sec-WebSocket-Version: 13\r\n";
		return Stream.of(Arguments.of("no key", "400", get(upgrade + version)),
				Arguments.of("an empty key", "400", get(upgrade + version + "Sec-WebSocket-Key: \r\n")),
				Arguments.of("a short key", "400", get(upgrade + version + "Sec-WebSocket-Key: YWJj\r\n")),
				Arguments.of("a key that is no Base64", "400", get(upgrade + version + "Sec-WebSocket-Key: !!!\r\n")),
				Arguments.of("version 8", "426", get(upgrade + "Sec-WebSocket-Version: 8\r\n" + key)),
				Arguments.of("no version", "426", get(upgrade + key)),
				Arguments.of("a version that is no number", "426", get(upgrade + "Sec-WebSocket-Version: x\r\n" + key)),
				Arguments.of("HTTP/1.0, which Tomcat takes", "101",
						get(upgrade + version + key).replace("HTTP/1.1", "HTTP/1.0")),
				Arguments.of("POST", "405", get(upgrade + version + key).replace("GET", "POST")),
				Arguments.of("no host", "400", get(upgrade.replace("Host: localhost\r\n", "") + version + key)),
				Arguments.of("no upgrade", "426", get("Host: localhost\r\n" + version + key)),
				Arguments.of("headers of 100 KB", "400",
						get(upgrade + version + key + "X: " + "x".repeat(100_000) + "\r\n")),
				Arguments.of("ten thousand headers", "400", get(upgrade + version + key + "X: x\r\n".repeat(10_000))),
				Arguments.of("many extensions", "101",
						get(upgrade + version + key + "Sec-WebSocket-Extensions: permessage-deflate"
								+ ", x-unknown; a=b".repeat(300) + "\r\n")),
				Arguments.of("extensions that are none", "101",
						get(upgrade + version + key + "Sec-WebSocket-Extensions: ;;=,,\"\r\n")),
				Arguments.of("many sub-protocols", "101",
						get(upgrade + version + key + "Sec-WebSocket-Protocol: " + "x, ".repeat(1_000)
								+ "centrifuge-json\r\n")),
				Arguments.of("sub-protocols that are none", "101",
						get(upgrade + version + key + "Sec-WebSocket-Protocol: ,,;,\r\n")));
	}

	private static String get(String headers) {
		return "GET /realtime HTTP/1.1\r\n" + headers + "\r\n";
	}

	@ParameterizedTest(name = "{0}: {1}")
	@MethodSource("handshakes")
	void handshakeIsAnsweredWithTheRightStatus(String name, String status, String request) throws Exception {
		try (RawSocket socket = new RawSocket(port)) {
			assertThat(socket.request(request)).as(name).startsWith("HTTP/1.1 " + status);
		}
	}

	@Test
	void tenThousandPingsAreAnsweredAndNothingElseWaits() throws Exception {
		try (RawSocket socket = RawSocket.open(port)) {
			Thread writer = new Thread(() -> write(socket, new byte[][] {
					repeat(frame(FIN | RawSocket.PING, (byte) 1), 10_000), frame(FIN | RawSocket.CLOSE, hex("03e8")) }),
					"abuse");
			writer.start();
			assertThat(socket.ending()).isEqualTo("1000");
			assertThat(socket.pongs()).isPositive().isLessThanOrEqualTo(10_000);
			writer.join();
		}
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ RealtimeAutoConfiguration.class, RealtimeWebSocketAutoConfiguration.class,
			TomcatServletWebServerAutoConfiguration.class, DispatcherServletAutoConfiguration.class,
			WebMvcAutoConfiguration.class })
	static class Application {

	}

}
