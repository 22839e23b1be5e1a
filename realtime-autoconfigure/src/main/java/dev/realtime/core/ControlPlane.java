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

package dev.realtime.core;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.realtime.DisconnectReason;
import dev.realtime.RealtimeException;
import dev.realtime.control.ControlBus;
import dev.realtime.control.ControlListener;
import dev.realtime.control.ControlMessage;
import dev.realtime.room.RoomRegistry;
import dev.realtime.session.LocalSession;
import dev.realtime.session.LoginRegistry;
import dev.realtime.session.SessionRegistry;
import dev.realtime.session.Wheel;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * What the application does to users reaches their sessions, here and on the other nodes.
 * Thread-safe; only {@link #start} waits.
 * <p>
 * Who is banned is known before its sessions are looked for, and a session is registered
 * before it is looked up whether its user is banned: whichever comes first, a user whose
 * ban has been carried out has no session.
 */
final class ControlPlane implements ControlListener {

	private static final Log logger = LogFactory.getLog(ControlPlane.class);

	private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final ControlBus bus;

	private final SessionRegistry sessions;

	private final RoomRegistry rooms;

	private final Wheel wheel;

	private final Revocations revocations;

	private final LoginRegistry logins = new LoginRegistry();

	private final Bans bans = new Bans(System::nanoTime);

	private final Object loadLock = new Object();

	private boolean loading;

	private boolean loadAgain;

	private boolean running;

	private CompletableFuture<@Nullable Void> loaded = new CompletableFuture<>();

	ControlPlane(ControlBus bus, SessionRegistry sessions, RoomRegistry rooms, Wheel wheel, Revocations revocations) {
		this.bus = bus;
		this.sessions = sessions;
		this.rooms = rooms;
		this.wheel = wheel;
		this.revocations = revocations;
		bus.listen(this);
	}

	/**
	 * Return whether a user must not be let in.
	 */
	boolean isBanned(String user) {
		return this.bans.contains(user);
	}

	/**
	 * Return the sessions that end with their logins.
	 */
	LoginRegistry logins() {
		return this.logins;
	}

	/**
	 * Do something here, and let all other nodes do it. No other node is asked about a
	 * session that is here.
	 * @return a stage that completes when it is done everywhere. If it fails, it is
	 * nevertheless done here
	 */
	CompletionStage<@Nullable Void> perform(ControlMessage message) {
		if (message instanceof ControlMessage.Ban ban) {
			return ban(ban);
		}
		if (message instanceof ControlMessage.DisconnectSession ending && endSession(ending)) {
			return CompletableFuture.completedFuture(null);
		}
		CompletionStage<@Nullable Void> here = execute(message);
		return both(here, this.bus.broadcast(message));
	}

	private CompletionStage<@Nullable Void> ban(ControlMessage.Ban ban) {
		this.bans.announce(ban);
		end(ban.user(), DisconnectReason.FORCE_DISCONNECT);
		return broadcast(ban);
	}

	private CompletionStage<@Nullable Void> broadcast(ControlMessage.Ban ban) {
		return this.bus.broadcast(ban).thenApply((nothing) -> {
			this.bans.announced(ban.user());
			return null;
		});
	}

	private static CompletionStage<@Nullable Void> both(CompletionStage<@Nullable Void> here,
			CompletionStage<@Nullable Void> there) {
		return CompletableFuture.allOf(here.toCompletableFuture(), there.toCompletableFuture());
	}

	/**
	 * Do something here, and let the other nodes do it if they happen to hear of it.
	 */
	void send(ControlMessage message) {
		execute(message);
		this.bus.send(message);
	}

	@Override
	public CompletionStage<@Nullable Void> handle(ControlMessage message) {
		try {
			return execute(message);
		}
		catch (RealtimeException | IllegalArgumentException ex) {
			logger.warn("This node cannot do what another one asks for: " + ex.getMessage());
			return CompletableFuture.failedFuture(ex);
		}
	}

	private CompletionStage<@Nullable Void> execute(ControlMessage message) {
		if (message instanceof ControlMessage.Unsubscribe leaving) {
			return unsubscribe(leaving);
		}
		if (message instanceof ControlMessage.Subscribe joining) {
			this.sessions.ofUser(joining.user()).forEach((session) -> this.rooms.join(session, joining.room()));
		}
		else if (message instanceof ControlMessage.SendToUser sending) {
			this.sessions.ofUser(sending.user()).forEach((session) -> session.send(sending.payload()));
		}
		else if (message instanceof ControlMessage.DisconnectUser ending) {
			end(ending.user(), ending.reason());
		}
		else if (message instanceof ControlMessage.DisconnectSession ending) {
			endSession(ending);
		}
		else if (message instanceof ControlMessage.EndLogin ending) {
			this.logins.end(ending.login()).forEach((session) -> session.disconnect(DisconnectReason.SESSION_ENDED));
		}
		else if (message instanceof ControlMessage.Refresh refresh) {
			end(refresh.user(), DisconnectReason.FORCE_RECONNECT);
		}
		else if (message instanceof ControlMessage.Verdict verdict) {
			this.bans.heard(verdict);
			enforce(verdict.user());
		}
		return CompletableFuture.completedFuture(null);
	}

	private CompletionStage<@Nullable Void> unsubscribe(ControlMessage.Unsubscribe message) {
		this.revocations.add(message.user());
		return CompletableFuture.allOf(this.sessions.ofUser(message.user())
			.stream()
			.map((session) -> this.rooms.leave(session, message.room()).toCompletableFuture())
			.toArray(CompletableFuture[]::new));
	}

	private void end(String user, DisconnectReason reason) {
		this.revocations.add(user);
		this.sessions.ofUser(user).forEach((session) -> session.disconnect(reason));
	}

	private boolean endSession(ControlMessage.DisconnectSession message) {
		LocalSession session = this.sessions.find(message.session());
		if (session != null) {
			session.disconnect(message.reason());
		}
		return session != null;
	}

	private void enforce(String user) {
		if (isBanned(user)) {
			end(user, DisconnectReason.FORCE_DISCONNECT);
		}
	}

	/**
	 * Learn who is banned. Waits for it, but not longer than allowed.
	 */
	void start(Duration timeout) {
		CompletableFuture<@Nullable Void> first;
		synchronized (this.loadLock) {
			this.running = true;
			this.loaded = new CompletableFuture<>();
			first = this.loaded;
		}
		load();
		try {
			first.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (TimeoutException | ExecutionException ex) {
			logger.warn("It is not known yet who is banned. Until it is, banned users get in");
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Learn nothing more.
	 */
	void stop() {
		synchronized (this.loadLock) {
			this.running = false;
		}
	}

	@Override
	public void resumed() {
		load();
	}

	/** Learn who is banned, once at a time. */
	private void load() {
		synchronized (this.loadLock) {
			this.loadAgain = this.loading;
			if (this.loading || !this.running) {
				return;
			}
			this.loading = true;
		}
		this.bans.beginLoading();
		CompletableFuture.completedFuture(this.bus)
			.thenCompose((source) -> source.bans().all())
			.thenCompose(this::merge)
			.whenComplete((nothing, failure) -> ended(failure));
	}

	private CompletionStage<@Nullable Void> merge(List<ControlMessage.Verdict> known) {
		Bans.Missing missing = this.bans.merge(known);
		known.forEach((verdict) -> enforce(verdict.user()));
		CompletionStage<@Nullable Void> restored = missing.lost().isEmpty() ? CompletableFuture.completedFuture(null)
				: this.bus.bans().restore(missing.lost());
		return both(restored,
				CompletableFuture.allOf(missing.unannounced()
					.stream()
					.map((ban) -> broadcast(ban).toCompletableFuture())
					.toArray(CompletableFuture[]::new)));
	}

	private void ended(@Nullable Throwable failure) {
		boolean again;
		synchronized (this.loadLock) {
			this.loading = false;
			again = this.loadAgain;
			if (failure == null) {
				this.loaded.complete(null);
			}
		}
		if (failure != null) {
			this.wheel.schedule(this::load, RETRY_NANOS);
		}
		else if (again) {
			load();
		}
	}

}
