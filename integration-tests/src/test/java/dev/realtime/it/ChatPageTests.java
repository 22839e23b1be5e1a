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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.SessionNotCreatedException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The page of the sample in Chromium.
 */
@RequiresCommands({ "chromium", "chromedriver" })
class ChatPageTests {

	private static final Dimension WIDE = new Dimension(1280, 800);

	private static final Dimension NARROW = new Dimension(390, 844);

	private final List<ChromeDriver> browsers = new ArrayList<>();

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
		this.browsers.forEach(ChromeDriver::quit);
		this.proxy.close();
		this.sample.close();
	}

	@Test
	void twoPagesTalkAndOneComesBackWithWhatItMissed() throws IOException {
		ChromeDriver ann = open(this.sample.port(), WIDE);
		ChromeDriver ben = open(this.proxy.port(), NARROW);
		String annsName = text(ann, "#my-name");
		String bensName = ben.findElement(By.id("my-name")).getDomProperty("textContent");
		assertThat(annsName).isNotEqualTo(bensName);
		await(() -> texts(ann, "#members .name").size() == 2);
		assertThat(texts(ann, "#members .name")).containsExactlyInAnyOrder(annsName, bensName);
		await(() -> text(ben, "#people").equals("2 here"));
		say(ann, "Hello <b>Ben</b> & all");
		await(() -> texts(ben, ".message .text").contains("Hello <b>Ben</b> & all"));
		say(ben, "Hi!");
		await(() -> texts(ann, ".message .text").equals(List.of("Hello <b>Ben</b> & all", "Hi!")));
		assertThat(texts(ann, ".message.own .text")).containsExactly("Hello <b>Ben</b> & all");
		assertThat(texts(ben, ".message.own .text")).containsExactly("Hi!");
		this.proxy.cut();
		await(() -> state(ben).equals("reconnecting"));
		screenshot(ben, "narrow-reconnecting");
		say(ann, "Are you there?");
		assertThat(post("lobby", "The server has something to say as well")).isEqualTo(201);
		this.proxy.restore();
		await(() -> state(ben).equals("connected"));
		await(() -> texts(ben, ".message.was-missed .text")
			.equals(List.of("Are you there?", "The server has something to say as well")));
		assertThat(texts(ben, ".mark.recovered")).containsExactly("Reconnected: recovered 2 missed messages");
		assertThat(texts(ben, ".message .text")).hasSize(4);
		assertThat(texts(ann, ".was-missed")).isEmpty();
		say(ben, "Back again");
		await(() -> texts(ann, ".message .text").contains("Back again"));
		await(() -> texts(ann, "#count").equals(List.of("2")));
		screenshot(ann, "wide");
		screenshot(ben, "narrow-recovered");
		assertThat(errors(ann)).isEmpty();
	}

	@Test
	void pageThatComesLaterSeesTheHistory() throws IOException {
		for (int i = 1; i <= 30; i++) {
			assertThat(post("lobby", "Message " + i)).isEqualTo(201);
		}
		ChromeDriver page = open(this.sample.port(), WIDE);
		await(() -> texts(page, ".message .text").size() == 30);
		assertThat(texts(page, ".message .text")).startsWith("Message 1").endsWith("Message 30");
		assertThat(texts(page, ".was-missed")).isEmpty();
		page.findElement(By.linkText("random")).click();
		await(() -> texts(page, ".mark.empty").size() == 1);
		await(() -> texts(page, "#members .name").size() == 1);
		assertThat(post("random", "Only here")).isEqualTo(201);
		await(() -> texts(page, ".message .text").equals(List.of("Only here")));
		page.navigate().back();
		await(() -> texts(page, ".message .text").size() == 30);
		assertThat(errors(page)).isEmpty();
	}

	@Test
	void restartOfTheServerIsShownAsAPossibleGap() throws IOException {
		ChromeDriver page = open(this.sample.port(), WIDE);
		String name = text(page, "#my-name");
		say(page, "Before");
		await(() -> texts(page, ".message .text").equals(List.of("Before")));
		this.sample.restart();
		await(() -> texts(page, ".mark.gap").size() == 1);
		assertThat(text(page, "#my-name")).isEqualTo(name);
		say(page, "After");
		await(() -> texts(page, ".message .text").equals(List.of("Before", "After")));
		screenshot(page, "wide-gap");
	}

	@Test
	void nameCanBeChanged() throws IOException {
		ChromeDriver page = open(this.sample.port(), WIDE);
		page.findElement(By.id("me")).click();
		WebElement field = page.findElement(By.id("name"));
		screenshot(page, "wide-name");
		field.sendKeys(Keys.chord(Keys.CONTROL, "a"), "Ann", Keys.ENTER);
		await(() -> text(page, "#my-name").equals("Ann"));
		await(() -> texts(page, "#members .name").equals(List.of("Ann")));
		say(page, "It is me");
		await(() -> texts(page, ".message.own .text").equals(List.of("It is me")));
		page.navigate().refresh();
		await(() -> texts(page, ".message.own .text").equals(List.of("It is me")));
	}

	private ChromeDriver open(int port, Dimension size) {
		ChromeOptions options = new ChromeOptions();
		options.setBinary(Objects.requireNonNull(RealParts.find("chromium")).toString());
		options.addArguments("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
				"--disable-background-networking", "--disable-component-update", "--disable-sync",
				"--disable-dev-shm-usage", "--hide-scrollbars", "--lang=en",
				"--user-data-dir=" + this.profiles.resolve("profile-" + this.browsers.size()));
		ChromeDriverService service = new ChromeDriverService.Builder()
			.usingDriverExecutable(Objects.requireNonNull(RealParts.find("chromedriver")).toFile())
			.usingAnyFreePort()
			.build();
		ChromeDriver browser = start(service, options);
		this.browsers.add(browser);
		emulate(browser, size);
		browser.get("http://localhost:" + port + "/");
		await(() -> state(browser).equals("connected"));
		await(() -> !texts(browser, "#my-name").equals(List.of("…")));
		return browser;
	}

	private static ChromeDriver start(ChromeDriverService service, ChromeOptions options) {
		try {
			return new ChromeDriver(service, options);
		}
		catch (SessionNotCreatedException ex) {
			throw RealParts.skip("Chromium does not start: " + ex.getMessage());
		}
	}

	// The window has a minimal width, the emulated screen has none
	private static void emulate(ChromeDriver browser, Dimension size) {
		browser.executeCdpCommand("Emulation.setDeviceMetricsOverride", Map.of("width", size.getWidth(), "height",
				size.getHeight(), "deviceScaleFactor", 1, "mobile", size.getWidth() < 600));
	}

	private static void say(ChromeDriver page, String text) {
		page.findElement(By.id("text")).sendKeys(text, Keys.ENTER);
	}

	private static String state(ChromeDriver page) {
		return Objects.requireNonNullElse(page.findElement(By.id("state")).getDomAttribute("data-state"), "");
	}

	private static String text(ChromeDriver page, String selector) {
		return page.findElement(By.cssSelector(selector)).getText();
	}

	// In one step, since the page may change between two
	@SuppressWarnings("unchecked")
	private static List<String> texts(ChromeDriver page, String selector) {
		return (List<String>) ((JavascriptExecutor) page)
			.executeScript("return [...document.querySelectorAll(arguments[0])].map((it) => it.textContent)", selector);
	}

	private static List<String> errors(ChromeDriver page) {
		return page.manage().logs().get(LogType.BROWSER).getAll().stream().map(Object::toString).toList();
	}

	private static void screenshot(ChromeDriver page, String name) throws IOException {
		Path directory = Files.createDirectories(Path.of("target", "screenshots"));
		Files.copy(page.getScreenshotAs(OutputType.FILE).toPath(), directory.resolve(name + ".png"),
				StandardCopyOption.REPLACE_EXISTING);
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
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(condition);
	}

}
