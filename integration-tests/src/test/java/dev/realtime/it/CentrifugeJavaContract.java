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

package dev.realtime.it;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import dev.realtime.DisconnectReason;
import dev.realtime.Payload;
import dev.realtime.PublishOptions;
import dev.realtime.RealtimeOperations;
import dev.realtime.it.JavaSdkClient.Room;
import dev.realtime.it.RawClient.Close;
import io.github.centrifugal.centrifuge.ClientInfo;
import io.github.centrifugal.centrifuge.HistoryOptions;
import io.github.centrifugal.centrifuge.HistoryResult;
import io.github.centrifugal.centrifuge.Publication;
import io.github.centrifugal.centrifuge.PublicationEvent;
import io.github.centrifugal.centrifuge.ReplyError;
import io.github.centrifugal.centrifuge.StreamPosition;
import io.github.centrifugal.centrifuge.SubscribedEvent;
import io.github.centrifugal.centrifuge.UnsubscribedEvent;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The published Java SDK, unmodified, against the sample: everything in Protobuf. Where
 * there is more than one node, those who speak with each other are on different ones, and
 * who comes back comes to the other one.
 */
abstract class CentrifugeJavaContract {

	private static final AtomicInteger NUMBERS = new AtomicInteger();

	private final List<AutoCloseable> opened = new ArrayList<>();

	private final String name = "open:java-" + NUMBERS.incrementAndGet();

	private int clients;

	/**
	 * Return the node to which the first client comes.
	 */
	abstract Sample here();

	/**
	 * Return the node to which the next client comes, and where the application acts.
	 */
	abstract Sample there();

	@AfterEach
	void close() throws Exception {
		for (AutoCloseable closeable : this.opened) {
			closeable.close();
		}
	}

	@Test
	void subProtocolIsEchoed() {
		WebSocket socket = HttpClient.newHttpClient()
			.newWebSocketBuilder()
			.subprotocols("centrifuge-protobuf")
			.buildAsync(URI.create("ws://127.0.0.1:" + here().port() + "/realtime"), new WebSocket.Listener() {
			})
			.join();
		assertThat(socket.getSubprotocol()).isEqualTo("centrifuge-protobuf");
		socket.abort();
	}

	@Test
	void connectsWithTheNameThatItBrings() {
		JavaSdkClient ann = connect("Ann");
		assertThat(ann.session()).isNotEmpty().isNotEqualTo(connect("Ben").session());
		assertThat(ann.connected().get(0).getData()).asString(StandardCharsets.UTF_8).isEqualTo("{\"name\":\"Ann\"}");
	}

	@Test
	void connectsWithoutData() {
		JavaSdkClient guest = open(JavaSdkClient.create(here().port(), (options) -> {
		}));
		guest.connect();
		JavaSdkClient.await(guest.connected(), 1);
		assertThat(guest.connected().get(0).getData()).asString(StandardCharsets.UTF_8).startsWith("{\"name\":");
	}

	@Test
	void isRefusedWithANameThatIsNone() {
		JavaSdkClient client = open(JavaSdkClient.create(here().port(), "<b>"));
		client.connect();
		assertThat(JavaSdkClient.await(client.disconnected(), 1).getCode()).isEqualTo(400);
	}

	@Test
	void isRefusedWithATokenThatNobodyKnows() {
		JavaSdkClient client = open(JavaSdkClient.create(here().port(), (options) -> options.setToken("who knows")));
		client.connect();
		assertThat(JavaSdkClient.await(client.disconnected(), 1).getCode()).isEqualTo(3500);
	}

	@Test
	void publishesAndGetsItBack() {
		JavaSdkClient ann = connect("Ann");
		Room room = ann.enter(this.name);
		room.publish("{\"text\":\"h\u00e4llo\"}");
		PublicationEvent echo = JavaSdkClient.await(room.publications(), 1);
		assertThat(room.texts()).containsExactly("{\"text\":\"h\u00e4llo\"}");
		assertThat(echo.getOffset()).isEqualTo(1);
		assertThat(echo.getInfo().getClient()).isEqualTo(ann.session());
		assertThat(echo.getInfo().getUser()).isEqualTo("Ann");
		assertThat(echo.getInfo().getConnInfo()).asString(StandardCharsets.UTF_8).isEqualTo("{\"name\":\"Ann\"}");
	}

	@Test
	void getsPublicationsInOrder() {
		Room writer = connect("Ann").enter(this.name);
		Room reader = connect("Ben").enter(this.name);
		List<String> texts = IntStream.rangeClosed(1, 50).mapToObj((i) -> "{\"text\":\"message " + i + "\"}").toList();
		texts.forEach(writer::publish);
		JavaSdkClient.await(reader.publications(), 50);
		JavaSdkClient.await(writer.publications(), 50);
		assertThat(reader.texts()).isEqualTo(texts);
		assertThat(writer.texts()).isEqualTo(texts);
		assertThat(reader.publications()).extracting(PublicationEvent::getOffset)
			.isEqualTo(LongStream.rangeClosed(1, 50).boxed().toList());
	}

	@Test
	void getsWhatTheApplicationPublishes() {
		Room room = connect("Ann").enter(this.name);
		operations().publish(this.name, Map.of("text", "hello"), PublishOptions.NONE.tag("lang", "en"));
		PublicationEvent publication = JavaSdkClient.await(room.publications(), 1);
		assertThat(room.texts()).containsExactly("{\"text\":\"hello\"}");
		assertThat(publication.getTags()).isEqualTo(Map.of("lang", "en"));
		assertThat(publication.getInfo().getClient()).isEmpty();
	}

	@Test
	void getsWhatIsSentToItAlone() {
		String user = newUser();
		JavaSdkClient client = connect(user);
		byte[] data = { 0, -1, 10 };
		here().bean(RealtimeOperations.class).localSessions(user).get(0).send(Payload.ofBytes(data));
		assertThat(JavaSdkClient.await(client.messages(), 1)).isEqualTo(data);
	}

	@Test
	void bytesThatAreNotJsonReachJavaAndEndTheConnectionOfAJsonClient() {
		byte[] data = { 'h', 'e', 'l', 'l', 'o', 0, -1, '\n', '{' };
		Room ann = connect("Ann").enter(this.name);
		Room ben = connect("Ben").enter(this.name);
		RawClient json = open(RawClient.connect(there().port()));
		assertThat(json.error("{'id':2,'subscribe':{'channel':'" + this.name + "'}}")).isZero();
		ann.publish(data);
		assertThat(JavaSdkClient.await(ann.publications(), 1).getData()).isEqualTo(data);
		assertThat(JavaSdkClient.await(ben.publications(), 1).getData()).isEqualTo(data);
		assertThat(json.closed()).isEqualTo(new Close(3506, "inappropriate protocol"));
		ann.publish("{}");
		JavaSdkClient.await(ben.publications(), 2);
		assertThat(ben.texts()).element(1).isEqualTo("{}");
	}

	@ParameterizedTest
	@ValueSource(strings = { "005b0031005d", "5b0031005d00", "efbbbf5b315d", "0000005b000000310000005d", "22c08022",
			"22f490808022" })
	void bytesThatAreNotUtf8EndTheConnectionOfAJsonClient(String hex) {
		byte[] data = HexFormat.of().parseHex(hex);
		Room ann = connect("Ann").enter(this.name);
		RawClient json = open(RawClient.connect(there().port()));
		assertThat(json.error("{'id':2,'subscribe':{'channel':'" + this.name + "'}}")).isZero();
		ann.publish(data);
		assertThat(json.closed()).isEqualTo(new Close(3506, "inappropriate protocol"));
	}

	@Test
	void bytesThatAreJsonReachAJsonClientAsTheyAre() {
		Room java = connect("Ann").enter(this.name);
		RawClient json = open(RawClient.connect(there().port()));
		assertThat(json.error("{'id':2,'subscribe':{'channel':'" + this.name + "'}}")).isZero();
		for (String data : List.of("{\"a\" : [1.5,\n null]}", "\"m-0\"", "true", "17")) {
			java.publish(data);
			JsonNode push = json.next();
			assertThat(push.at("/push/pub/data").toString()).isEqualTo(data.replaceAll("\\s", ""));
			assertThat(push.at("/push/pub/info/user").asString()).isEqualTo("Ann");
		}
		assertThat(
				json.ask("{'id':3,'presence_stats':{'channel':'" + this.name + "'}}").at("/presence_stats").toString())
			.isEqualTo("{\"num_clients\":2,\"num_users\":2}");
	}

	@Test
	void textOfAJsonClientReachesJavaWithItsQuotes() {
		Room java = connect("Ann").enter(this.name);
		RawClient json = open(RawClient.connect(there().port()));
		assertThat(json.error("{'id':2,'subscribe':{'channel':'" + this.name + "'}}")).isZero();
		json.send("{'id':3,'publish':{'channel':'" + this.name + "','data':'m-0'}}");
		assertThat(JavaSdkClient.await(java.publications(), 1).getData()).containsExactly('"', 'm', '-', '0', '"');
	}

	@Test
	void readsTheHistory() {
		Room room = connect("Ann").enter(this.name);
		HistoryResult empty = room.history(options(0, null, false));
		assertThat(empty.getOffset()).isZero();
		assertThat(empty.getPublications()).isEmpty();
		IntStream.rangeClosed(1, 10).forEach((i) -> room.publish("\"m" + i + "\""));
		StreamPosition four = new StreamPosition(4, empty.getEpoch());
		assertThat(offsets(room, options(0, null, false))).isEmpty();
		assertThat(offsets(room, options(-1, null, false))).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
		assertThat(offsets(room, options(3, null, true))).containsExactly(10L, 9L, 8L);
		assertThat(offsets(room, options(3, four, false))).containsExactly(5L, 6L, 7L);
		assertThat(offsets(room, options(2, four, true))).containsExactly(3L, 2L);
		Publication first = room.history(options(1, null, false)).getPublications().get(0);
		assertThat(first.getData()).asString(StandardCharsets.UTF_8).isEqualTo("\"m1\"");
		assertThat(first.getInfo().getUser()).isEqualTo("Ann");
		assertError(112, () -> room.history(options(1, new StreamPosition(4, "other"), false)));
	}

	@Test
	void seesPresenceAndWhoComesAndGoes() {
		JavaSdkClient ann = connect("Ann");
		Room room = ann.subscribe(this.name, true);
		JavaSdkClient.await(room.subscribed(), 1);
		JavaSdkClient ben = connect("Ben");
		ben.enter(this.name);
		JavaSdkClient again = connect("Ben");
		again.enter(this.name);
		Map<String, ClientInfo> members = room.presence().getClients();
		assertThat(members).containsOnlyKeys(ann.session(), ben.session(), again.session());
		ClientInfo info = members.get(ben.session());
		assertThat(info.getUser()).isEqualTo("Ben");
		assertThat(info.getClient()).isEqualTo(ben.session());
		assertThat(info.getConnInfo()).asString(StandardCharsets.UTF_8).isEqualTo("{\"name\":\"Ben\"}");
		assertThat(room.presenceStats().getNumClients()).isEqualTo(3);
		assertThat(room.presenceStats().getNumUsers()).isEqualTo(2);
		ben.disconnect();
		assertThat(JavaSdkClient.await(room.leaves(), 1).getInfo().getClient()).isEqualTo(ben.session());
		assertThat(room.joins()).extracting((join) -> join.getInfo().getClient())
			.filteredOn((session) -> !session.equals(ann.session()))
			.containsExactly(ben.session(), again.session());
		assertThat(room.presenceStats().getNumClients()).isEqualTo(2);
	}

	@Test
	void recoversWhatItMissedWhileTcpWasDown() {
		FaultProxy proxy = open(new FaultProxy(here().port()));
		JavaSdkClient client = open(JavaSdkClient.connect(proxy.port(), "Ann"));
		Room room = client.enter(this.name);
		operations().publish(this.name, "before");
		JavaSdkClient.await(room.publications(), 1);
		proxy.cut();
		assertThat(JavaSdkClient.await(client.connecting(), 2).getCode()).isEqualTo(1);
		List.of("missed 1", "missed 2", "missed 3").forEach((text) -> operations().publish(this.name, text));
		proxy.redirect(there().port());
		proxy.restore();
		SubscribedEvent again = JavaSdkClient.await(room.subscribed(), 2);
		assertThat(again.wasRecovering()).isTrue();
		assertThat(again.getRecovered()).isTrue();
		operations().publish(this.name, "after");
		JavaSdkClient.await(room.publications(), 5);
		assertThat(room.texts()).containsExactly("\"before\"", "\"missed 1\"", "\"missed 2\"", "\"missed 3\"",
				"\"after\"");
		assertThat(room.publications()).extracting(PublicationEvent::getOffset).containsExactly(1L, 2L, 3L, 4L, 5L);
		assertThat(room.unsubscribed()).isEmpty();
	}

	@Test
	void recoversAlthoughNothingWasMissed() {
		FaultProxy proxy = open(new FaultProxy(here().port()));
		JavaSdkClient client = open(JavaSdkClient.connect(proxy.port(), "Ann"));
		Room room = client.enter(this.name);
		proxy.cut();
		JavaSdkClient.await(client.connecting(), 2);
		proxy.redirect(there().port());
		proxy.restore();
		assertThat(JavaSdkClient.await(room.subscribed(), 2).getRecovered()).isTrue();
		assertThat(room.publications()).isEmpty();
	}

	@Test
	void isToldWhenTheHistoryDoesNotReachBackToItsPosition() {
		String small = "small:java-" + NUMBERS.incrementAndGet(); // keeps five
		FaultProxy proxy = open(new FaultProxy(here().port()));
		JavaSdkClient client = open(JavaSdkClient.connect(proxy.port(), "Ann"));
		Room room = client.enter(small);
		operations().publish(small, "before");
		JavaSdkClient.await(room.publications(), 1);
		proxy.cut();
		JavaSdkClient.await(client.connecting(), 2);
		IntStream.range(0, 7).forEach((i) -> operations().publish(small, "missed " + i));
		proxy.redirect(there().port());
		proxy.restore();
		SubscribedEvent again = JavaSdkClient.await(room.subscribed(), 2);
		assertThat(again.wasRecovering()).isTrue();
		assertThat(again.getRecovered()).isFalse();
		operations().publish(small, "after");
		JavaSdkClient.await(room.publications(), 2);
		assertThat(room.texts()).containsExactly("\"before\"", "\"after\"");
	}

	@Test
	void refusalsCarryTheCode() {
		JavaSdkClient client = connect("Ann");
		Map.of("nowhere:1", 102, "noname", 102, "closed:1", 103, "chat:not a room", 107).forEach((room, code) -> {
			UnsubscribedEvent end = JavaSdkClient.await(client.subscribe(room, false).unsubscribed(), 1);
			assertThat(end.getCode()).as(room).isEqualTo(code);
		});
		assertError(104, () -> client.rpc("anything"));
		assertError(103, () -> client.publish(this.name, "{}"));
		assertThat(client.connecting()).hasSize(1);
	}

	@Test
	void leavesAndEntersTheRoom() {
		Room theirs = connect("Ben").enter(this.name);
		Room room = connect("Ann").enter(this.name);
		room.unsubscribe();
		Awaitility.await().until(() -> theirs.presenceStats().getNumClients() == 1);
		theirs.publish("\"alone\"");
		room.subscribe();
		JavaSdkClient.await(room.subscribed(), 2);
		theirs.publish("\"together\"");
		JavaSdkClient.await(room.publications(), 2);
		assertThat(room.texts()).containsExactly("\"alone\"", "\"together\"");
	}

	@Test
	void applicationTakesTheUserOutOfTheRoom() {
		String user = newUser();
		JavaSdkClient client = connect(user);
		Room room = client.enter(this.name);
		operations().unsubscribe(user, this.name);
		UnsubscribedEvent end = JavaSdkClient.await(room.unsubscribed(), 1);
		assertThat(end.getCode()).isEqualTo(2000);
		assertThat(end.getReason()).isEqualTo("server unsubscribe");
		assertThat(operations().members(this.name)).isEmpty();
		assertThat(client.connecting()).hasSize(1);
	}

	@Test
	void applicationEndsTheSessionForGood() {
		String user = newUser();
		JavaSdkClient client = connect(user);
		operations().disconnect(user, new DisconnectReason(4500, "bye"));
		assertThat(JavaSdkClient.await(client.disconnected(), 1).getCode()).isEqualTo(4500);
		assertThat(client.disconnected().get(0).getReason()).isEqualTo("bye");
		Awaitility.await()
			.during(Duration.ofMillis(500))
			.until(() -> client.connecting().size() == 1 && operations().sessions(user).isEmpty());
	}

	@Test
	void applicationLetsTheClientConnectAgain() {
		String user = newUser();
		JavaSdkClient client = connect(user);
		String session = client.session();
		Room room = client.enter(this.name);
		operations().disconnect(user, new DisconnectReason(4000, "again"));
		JavaSdkClient.await(client.connected(), 2);
		assertThat(client.connecting().get(1).getCode()).isEqualTo(4000);
		assertThat(client.connecting().get(1).getReason()).isEqualTo("again");
		assertThat(client.session()).isNotEqualTo(session);
		assertThat(JavaSdkClient.await(room.subscribed(), 2).getRecovered()).isTrue();
		assertThat(client.disconnected()).isEmpty();
	}

	@Test
	void answersPings() {
		try (Sample impatient = Sample.start("--realtime.session.ping-interval=1s",
				"--realtime.session.pong-timeout=500ms")) {
			JavaSdkClient client = open(JavaSdkClient.connect(impatient.port(), "Ann"));
			Awaitility.await()
				.during(Duration.ofSeconds(3))
				.until(() -> client.connecting().size() == 1 && client.disconnected().isEmpty());
			client.disconnect();
		}
	}

	private JavaSdkClient connect(String user) {
		Sample node = (this.clients++ % 2 == 0) ? here() : there();
		return open(JavaSdkClient.connect(node.port(), user));
	}

	private <T extends AutoCloseable> T open(T closeable) {
		this.opened.add(closeable);
		return closeable;
	}

	private RealtimeOperations operations() {
		return there().bean(RealtimeOperations.class);
	}

	private static String newUser() {
		return "user-" + NUMBERS.incrementAndGet();
	}

	private static HistoryOptions options(int limit, StreamPosition since, boolean reverse) {
		return new HistoryOptions.Builder().withLimit(limit).withSince(since).withReverse(reverse).build();
	}

	private static List<Long> offsets(Room room, HistoryOptions options) {
		HistoryResult history = room.history(options);
		assertThat(history.getOffset()).isEqualTo(10);
		return history.getPublications().stream().map(Publication::getOffset).toList();
	}

	private static void assertError(int code, ThrowingCallable question) {
		assertThatExceptionOfType(CompletionException.class).isThrownBy(question)
			.havingCause()
			.isInstanceOfSatisfying(ReplyError.class, (error) -> assertThat(error.getCode()).isEqualTo(code));
	}

}
