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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;

import org.awaitility.Awaitility;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.SessionNotCreatedException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;

/**
 * The page of the sample in a Chromium of its own.
 */
final class ChatPage implements AutoCloseable {

	static final Dimension WIDE = new Dimension(1280, 800);

	static final Dimension NARROW = new Dimension(390, 844);

	private final ChromeDriver browser;

	private ChatPage(ChromeDriver browser) {
		this.browser = browser;
	}

	/**
	 * Open the page and wait until it is connected.
	 * @param port the port of the server
	 * @param size the size of the screen
	 * @param profile a directory for the browser, which creates it
	 * @return the page
	 */
	static ChatPage open(int port, Dimension size, Path profile) {
		ChatPage page = new ChatPage(browser(profile));
		emulate(page.browser, size);
		page.browser.get("http://localhost:" + port + "/");
		await(() -> page.state().equals("connected"));
		await(() -> !page.name().equals("…"));
		return page;
	}

	/**
	 * Start a browser.
	 * @param profile a directory for it, which it creates
	 */
	static ChromeDriver browser(Path profile) {
		ChromeOptions options = new ChromeOptions();
		options.setBinary(Objects.requireNonNull(RealParts.find("chromium")).toString());
		options.addArguments("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
				"--disable-background-networking", "--disable-component-update", "--disable-sync",
				"--disable-dev-shm-usage", "--hide-scrollbars", "--lang=en", "--user-data-dir=" + profile);
		ChromeDriverService service = new ChromeDriverService.Builder()
			.usingDriverExecutable(Objects.requireNonNull(RealParts.find("chromedriver")).toFile())
			.usingAnyFreePort()
			.build();
		return start(service, options);
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
	static void emulate(ChromeDriver browser, Dimension size) {
		browser.executeCdpCommand("Emulation.setDeviceMetricsOverride", Map.of("width", size.getWidth(), "height",
				size.getHeight(), "deviceScaleFactor", 1, "mobile", size.getWidth() < 600));
	}

	/**
	 * Return the name of the user.
	 */
	String name() {
		return texts("#my-name").get(0);
	}

	/**
	 * Return what the page says about the connection.
	 */
	String state() {
		return Objects.requireNonNullElse(find("#state").getDomAttribute("data-state"), "");
	}

	void say(String text) {
		type(text + Keys.ENTER);
	}

	void type(String text) {
		find("#text").sendKeys(text);
	}

	void click(String selector) {
		find(selector).click();
	}

	/**
	 * Change the name of the user in the dialog, which is open.
	 */
	void rename(String name) {
		find("#name").sendKeys(Keys.chord(Keys.CONTROL, "a"), name, Keys.ENTER);
		await(() -> name().equals(name));
	}

	void back() {
		this.browser.navigate().back();
	}

	void reload() {
		this.browser.navigate().refresh();
	}

	WebElement find(String selector) {
		return this.browser.findElement(By.cssSelector(selector));
	}

	/**
	 * Return the text of an element as it can be read on the page.
	 */
	String text(String selector) {
		return find(selector).getText();
	}

	/**
	 * Return the texts of all elements that match, in one step, since the page may change
	 * between two.
	 */
	@SuppressWarnings("unchecked")
	List<String> texts(String selector) {
		return (List<String>) this.browser
			.executeScript("return [...document.querySelectorAll(arguments[0])].map((it) => it.textContent)", selector);
	}

	/**
	 * Return whether the page is too wide for its screen.
	 */
	boolean overflows() {
		return Boolean.TRUE.equals(this.browser
			.executeScript("return document.documentElement.scrollWidth > document.documentElement.clientWidth"));
	}

	List<String> errors() {
		return this.browser.manage().logs().get(LogType.BROWSER).getAll().stream().map(Object::toString).toList();
	}

	/**
	 * Save what can be seen in {@code target/screenshots}.
	 */
	void screenshot(String name) throws IOException {
		Path directory = Files.createDirectories(Path.of("target", "screenshots"));
		Files.copy(this.browser.getScreenshotAs(OutputType.FILE).toPath(), directory.resolve(name + ".png"),
				StandardCopyOption.REPLACE_EXISTING);
	}

	@Override
	public void close() {
		this.browser.quit();
	}

	static void await(Callable<Boolean> condition) {
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(condition);
	}

}
