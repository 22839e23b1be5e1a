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

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The page of the sample in Chromium.
 */
@RequiresCommands({ "chromium", "chromedriver" })
class ChatPageTests {

	private final List<ChatPage> pages = new ArrayList<>();

	@TempDir
	private Path profiles;

	private Sample sample;

	private FaultProxy proxy;

	@BeforeEach
	void start() {
		this.sample = Sample.start();
		this.proxy = new FaultProxy(this.sample.port());
	}

	@AfterEach
	void stop() throws IOException {
		this.pages.forEach(ChatPage::close);
		this.proxy.close();
		this.sample.close();
	}

	@Test
	void twoPagesTalkAndOneComesBackWithWhatItMissed() throws IOException {
		ChatPage ann = open(this.sample.port(), ChatPage.WIDE);
		ChatPage ben = open(this.proxy.port(), ChatPage.NARROW);
		assertThat(ann.name()).isNotEqualTo(ben.name());
		await(() -> ann.texts("#members .name").size() == 2);
		assertThat(ann.texts("#members .name")).containsExactlyInAnyOrder(ann.name(), ben.name());
		await(() -> ben.text("#people").equals("2 here"));
		ann.say("Hello <b>Ben</b> & all");
		await(() -> ben.texts(".message .text").contains("Hello <b>Ben</b> & all"));
		ben.say("Hi!");
		await(() -> ann.texts(".message .text").equals(List.of("Hello <b>Ben</b> & all", "Hi!")));
		assertThat(ann.texts(".message.own .text")).containsExactly("Hello <b>Ben</b> & all");
		assertThat(ben.texts(".message.own .text")).containsExactly("Hi!");
		this.proxy.cut();
		await(() -> ben.state().equals("reconnecting"));
		ben.screenshot("narrow-reconnecting");
		ann.say("Are you there?");
		assertThat(post("lobby", "The server has something to say as well")).isEqualTo(201);
		this.proxy.restore();
		await(() -> ben.state().equals("connected"));
		await(() -> ben.texts(".message.was-missed .text")
			.equals(List.of("Are you there?", "The server has something to say as well")));
		assertThat(ben.texts(".mark.recovered")).containsExactly("Reconnected: recovered 2 missed messages");
		assertThat(ben.texts(".message .text")).hasSize(4);
		assertThat(ann.texts(".was-missed")).isEmpty();
		ben.say("Back again");
		await(() -> ann.texts(".message .text").contains("Back again"));
		await(() -> ann.texts("#count").equals(List.of("2")));
		ann.screenshot("wide");
		ben.screenshot("narrow-recovered");
		assertThat(ann.errors()).isEmpty();
	}

	@Test
	void pageThatComesLaterSeesTheHistory() throws IOException {
		for (int i = 1; i <= 30; i++) {
			assertThat(post("lobby", "Message " + i)).isEqualTo(201);
		}
		ChatPage page = open(this.sample.port(), ChatPage.WIDE);
		await(() -> page.texts(".message .text").size() == 30);
		assertThat(page.texts(".message .text")).startsWith("Message 1").endsWith("Message 30");
		assertThat(page.texts(".was-missed")).isEmpty();
		enter(page, "random");
		await(() -> page.texts(".mark.empty").size() == 1);
		await(() -> page.texts("#members .name").size() == 1);
		assertThat(post("random", "Only here")).isEqualTo(201);
		await(() -> page.texts(".message .text").equals(List.of("Only here")));
		page.back();
		await(() -> page.texts(".message .text").size() == 30);
		assertThat(page.errors()).isEmpty();
	}

	@Test
	void restartOfTheServerIsShownAsAPossibleGap() throws IOException {
		ChatPage page = open(this.sample.port(), ChatPage.WIDE);
		String name = page.name();
		page.say("Before");
		await(() -> page.texts(".message .text").equals(List.of("Before")));
		this.sample.restart();
		await(() -> page.texts(".mark.gap").size() == 1);
		assertThat(page.name()).isEqualTo(name);
		page.say("After");
		await(() -> page.texts(".message .text").equals(List.of("Before", "After")));
		page.screenshot("wide-gap");
	}

	@Test
	void nameCanBeChanged() throws IOException {
		ChatPage page = open(this.sample.port(), ChatPage.WIDE);
		page.click("#me");
		page.screenshot("wide-name");
		page.rename("Ann");
		await(() -> page.texts("#members .name").equals(List.of("Ann")));
		page.say("It is me");
		await(() -> page.texts(".message.own .text").equals(List.of("It is me")));
		page.reload();
		await(() -> page.texts(".message.own .text").equals(List.of("It is me")));
	}

	@Test
	void roomsAreListedWithTheirMessagesAndPeople() throws IOException {
		post("garden", "Not one of the rooms that are always there");
		ChatPage page = open(this.sample.port(), ChatPage.WIDE);
		await(() -> page.texts("#rooms .label").equals(List.of("lobby", "random", "help", "garden")));
		assertThat(page.text("#topic")).isEqualTo("Come in, everybody is welcome");
		await(() -> page.texts("#rooms .more")
			.equals(List.of("No messages, 1 here", "No messages", "No messages", "1 message")));
		page.say("Hello");
		await(() -> page.texts("#rooms .more").get(0).equals("1 message, 1 here"));
		enter(page, "garden");
		await(() -> page.texts("#rooms .more").get(3).equals("1 message, 1 here"));
		await(() -> page.text("#topic").isEmpty());
		assertThat(page.text("#title")).isEqualTo("# garden");
		assertThat(page.text("#rooms [aria-current] .label")).isEqualTo("garden");
		assertThat(page.errors()).isEmpty();
	}

	@Test
	void messageThatIsNoneIsExplainedByTheServer() throws IOException {
		ChatPage page = open(this.sample.port(), ChatPage.NARROW);
		page.say("");
		await(() -> page.text("#error").equals("A message must not be empty."));
		assertThat(page.find("#text").getDomAttribute("aria-invalid")).isEqualTo("true");
		page.screenshot("narrow-invalid");
		page.type("x");
		await(() -> page.text("#error").isEmpty());
		page.say("x".repeat(500));
		await(() -> page.text("#error").equals("A message must have at most 500 characters."));
		assertThat(page.find("#text").getDomProperty("value")).isEqualTo("x".repeat(501));
		assertThat(page.overflows()).isFalse();
		page.say(Keys.BACK_SPACE.toString());
		await(() -> page.texts(".message .text").equals(List.of("x".repeat(500))));
		assertThat(page.text("#error")).isEmpty();
	}

	@Test
	void othersSeeWhoIsTyping() throws IOException {
		ChatPage ann = named("Ann", ChatPage.WIDE);
		ChatPage ben = named("Ben", ChatPage.NARROW);
		ann.type("Let me think");
		await(() -> ben.text("#typing").equals("Ann is typing…"));
		ben.screenshot("narrow-typing");
		assertThat(ann.text("#typing")).isEmpty();
		ann.say(", yes");
		await(() -> ben.texts(".message .text").equals(List.of("Let me think, yes")));
		assertThat(ben.text("#typing")).isEmpty();
		ann.type("And");
		await(() -> ben.text("#typing").equals("Ann is typing…"));
		await(() -> ben.text("#typing").isEmpty());
		ben.reload();
		await(() -> ben.texts(".message .text").equals(List.of("Let me think, yes")));
	}

	@Test
	void whatIsSaidPrivatelyReachesOnePersonAlone() throws IOException {
		ChatPage ann = named("Ann", ChatPage.WIDE);
		ChatPage zoe = named("Zoë Lind", ChatPage.NARROW);
		ChatPage carl = named("Carl", ChatPage.WIDE);
		await(() -> ann.texts("#members .name").equals(List.of("Ann", "Carl", "Zoë Lind")));
		ann.click("#members [title='Write to Zoë Lind']");
		await(() -> ann.text("#title").equals("@ Zoë Lind"));
		ann.say("Between you and me");
		await(() -> ann.texts(".message.own .text").equals(List.of("Between you and me")));
		await(() -> zoe.texts("#talks .unread").equals(List.of("1")));
		zoe.screenshot("narrow-unread");
		zoe.click("#talks a");
		await(() -> zoe.texts(".message .text").equals(List.of("Between you and me")));
		assertThat(zoe.texts("#talks .unread")).containsExactly("");
		zoe.say("I see");
		await(() -> ann.texts(".message .text").equals(List.of("Between you and me", "I see")));
		zoe.say("");
		await(() -> zoe.text("#error").equals("A message must not be empty."));
		carl.say("Who is here?");
		await(() -> ann.texts("#rooms .unread").get(0).equals("1"));
		ann.screenshot("wide-private");
		zoe.screenshot("narrow-private");
		zoe.click("#people");
		zoe.screenshot("narrow-people");
		zoe.click("#people");
		assertThat(zoe.overflows()).isFalse();
		assertThat(carl.texts("#talks li")).isEmpty();
		assertThat(carl.texts(".message .text")).containsExactly("Who is here?");
		zoe.reload();
		await(() -> zoe.texts(".message .text").equals(List.of("Between you and me", "I see")));
		assertThat(ann.errors()).isEmpty();
	}

	@Test
	void whatIsSaidPrivatelyIsRecovered() throws IOException {
		ChatPage ann = named("Ann", ChatPage.WIDE);
		ChatPage ben = open(this.proxy.port(), ChatPage.NARROW);
		await(() -> ann.texts("#members button").size() == 1);
		ann.click("#members button");
		this.proxy.cut();
		await(() -> ben.state().equals("reconnecting"));
		ann.say("Did you get this?");
		await(() -> ann.texts(".message .text").size() == 1);
		this.proxy.restore();
		await(() -> ben.texts("#talks .unread").equals(List.of("1")));
		ben.click("#talks a");
		await(() -> ben.texts(".message.was-missed .text").equals(List.of("Did you get this?")));
	}

	private ChatPage open(int port, Dimension size) {
		ChatPage page = ChatPage.open(port, size, this.profiles.resolve("profile-" + this.pages.size()));
		this.pages.add(page);
		return page;
	}

	private ChatPage named(String name, Dimension size) {
		ChatPage page = open(this.sample.port(), size);
		page.click("#me");
		page.rename(name);
		return page;
	}

	private static void enter(ChatPage page, String room) {
		await(() -> page.texts("#rooms .label").contains(room));
		page.click("#rooms a[href='#" + room + "']");
	}

	private int post(String room, String text) {
		HttpRequest request = HttpRequest
			.newBuilder(URI.create("http://localhost:" + this.sample.port() + "/api/rooms/" + room + "/messages"))
			.header("Content-Type", "application/json")
			.POST(BodyPublishers.ofString("{\"text\":\"" + text + "\"}"))
			.build();
		return HttpClient.newHttpClient().sendAsync(request, BodyHandlers.discarding()).join().statusCode();
	}

	private static void await(Callable<Boolean> condition) {
		ChatPage.await(condition);
	}

}
