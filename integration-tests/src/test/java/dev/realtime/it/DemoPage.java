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
import java.util.List;
import java.util.Map;

import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.logging.LogType;

/**
 * The page of the demo in a Chromium of its own.
 */
final class DemoPage implements AutoCloseable {

	private final ChromeDriver browser;

	private DemoPage(ChromeDriver browser) {
		this.browser = browser;
	}

	/**
	 * Open the page and wait until both windows are connected.
	 * @param port the port of node A
	 * @param size the size of the screen
	 * @param profile a directory for the browser, which creates it
	 * @return the page
	 */
	static DemoPage open(int port, Dimension size, Path profile) {
		DemoPage page = new DemoPage(ChatPage.browser(profile));
		page.emulate(size);
		page.browser.get("http://localhost:" + port + "/demo");
		ChatPage.await(() -> page.states().equals(List.of("connected", "connected")));
		return page;
	}

	void emulate(Dimension size) {
		ChatPage.emulate(this.browser, size);
	}

	void dark(boolean dark) {
		this.browser.executeCdpCommand("Emulation.setEmulatedMedia",
				Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
	}

	/**
	 * Return what the page says about the two windows.
	 */
	List<String> states() {
		return texts(".state");
	}

	/**
	 * Say something in a window.
	 * @param window {@code a} or {@code b}
	 * @param texts what to say
	 */
	void say(String window, String... texts) {
		for (String text : texts) {
			this.browser.findElement(By.cssSelector("#window-" + window + " input")).sendKeys(text + Keys.ENTER);
		}
	}

	/**
	 * Press a button, and wait until what it does is done.
	 */
	void press(String button) {
		begin(button);
		ChatPage.await(() -> texts(".busy").isEmpty());
	}

	/**
	 * Press a button when that is possible.
	 */
	void begin(String button) {
		ChatPage.await(() -> this.browser.findElement(By.id(button)).isEnabled());
		this.browser.findElement(By.id(button)).click();
	}

	int number(String id) {
		return Integer.parseInt(texts("#" + id).get(0).replace(",", ""));
	}

	/**
	 * Return what can be read in a window, in its order.
	 * @param window {@code a} or {@code b}
	 */
	List<String> messages(String window) {
		return texts("#window-" + window + " .text");
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

}
