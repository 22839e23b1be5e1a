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

package dev.realtime.jdbc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A program that a {@link DatabaseServer} runs.
 */
enum DatabaseProgram {

	/** PostgreSQL, of whatever version is installed. */
	POSTGRESQL("postgres", "jdbc:postgresql://127.0.0.1:%d/postgres", "postgres") {

		@Override
		List<String> initialize(Path data) {
			return as(binary("initdb").toString(), "-D", data.toString(), "-U", user(), "-A", "trust", "-E", "UTF8",
					"--no-sync");
		}

		@Override
		List<String> start(Path data, int port) {
			return as(binary("postgres").toString(), "-D", data.toString(), "-p", Integer.toString(port), "-c",
					"listen_addresses=127.0.0.1", "-c", "unix_socket_directories=" + data);
		}

		@Override
		String stopSignal() {
			return "INT";
		}

	},

	/** MariaDB. */
	MARIADB("mariadbd", "jdbc:mariadb://127.0.0.1:%d/test", "root") {

		@Override
		List<String> initialize(Path data) {
			return as(binary("mariadb-install-db").toString(), "--no-defaults", "--datadir=" + data,
					"--auth-root-authentication-method=normal", "--user=" + owner());
		}

		@Override
		List<String> start(Path data, int port) {
			return as(binary("mariadbd").toString(), "--no-defaults", "--datadir=" + data, "--port=" + port,
					"--bind-address=127.0.0.1", "--socket=" + data.resolve("socket"),
					"--pid-file=" + data.resolve("pid"), "--user=" + owner(), "--innodb-buffer-pool-size=64M");
		}

		@Override
		String stopSignal() {
			return "TERM";
		}

	};

	private static final List<Path> DIRECTORIES = directories();

	private final String server;

	private final String url;

	private final String user;

	DatabaseProgram(String server, String url, String user) {
		this.server = server;
		this.url = url;
		this.user = user;
	}

	private static List<Path> directories() {
		List<Path> directories = new ArrayList<>(List.of(Path.of("/usr/sbin"), Path.of("/usr/bin")));
		Path versions = Path.of("/usr/lib/postgresql");
		if (Files.isDirectory(versions)) {
			try (Stream<Path> found = Files.list(versions)) {
				found.sorted(Comparator.reverseOrder()).map((path) -> path.resolve("bin")).forEach(directories::add);
			}
			catch (IOException ex) {
				throw new IllegalStateException(ex);
			}
		}
		return directories;
	}

	private static Path find(String name) {
		return DIRECTORIES.stream()
			.map((directory) -> directory.resolve(name))
			.filter(Files::isExecutable)
			.findFirst()
			.orElse(null);
	}

	static Path binary(String name) {
		return Objects.requireNonNull(find(name), name);
	}

	boolean isInstalled() {
		return find(this.server) != null;
	}

	abstract List<String> initialize(Path data);

	abstract List<String> start(Path data, int port);

	/** Return the signal that ends it without waiting for its clients. */
	abstract String stopSignal();

	String url(int port) {
		return this.url.formatted(port);
	}

	String user() {
		return this.user;
	}

	/**
	 * Return the command as somebody else runs it: in its place, so that it can be
	 * killed.
	 */
	List<String> as(String... command) {
		List<String> all = new ArrayList<>();
		if (isRoot()) {
			all.addAll(List.of("setpriv", "--reuid=" + owner(), "--regid=" + owner(), "--clear-groups"));
		}
		all.addAll(List.of(command));
		return all;
	}

	/** Return who runs it: never root. */
	String owner() {
		return isRoot() ? ((this == POSTGRESQL) ? "postgres" : "mysql") : System.getProperty("user.name");
	}

	void own(Path directory) throws IOException {
		if (isRoot()) {
			PosixFileAttributeView view = Files.getFileAttributeView(directory, PosixFileAttributeView.class);
			view.setOwner(directory.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(owner()));
		}
	}

	private static boolean isRoot() {
		return "root".equals(System.getProperty("user.name"));
	}

}
