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

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.DisconnectReason;
import dev.realtime.OutboxOperations;
import dev.realtime.PayloadConverter;
import dev.realtime.RealtimeOperations;
import dev.realtime.control.ControlBus;
import dev.realtime.naming.Namespaces;
import dev.realtime.presence.PresenceStore;
import dev.realtime.relay.RelayMessage;
import dev.realtime.relay.RoomRelay;
import dev.realtime.room.RoomLimits;
import dev.realtime.room.RoomRegistry;
import dev.realtime.room.Stripes;
import dev.realtime.session.LocalSession;
import dev.realtime.session.OutboundBudget;
import dev.realtime.session.SessionRegistry;
import dev.realtime.session.Sweeper;
import dev.realtime.session.Wheel;
import org.jspecify.annotations.Nullable;

/**
 * All parts of the library on one node, put together.
 *
 * @since 0.1.0
 */
public final class RealtimeEngine implements AutoCloseable {

	private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(1);

	private static final int CLOSERS = 4;

	/**
	 * What a dead node leaves behind is found within a lease after its lease has ended,
	 * even if it was the one that looked for such.
	 */
	private static final int LEASE_SWEEPS = 2;

	private final EngineSettings settings;

	private final SessionRegistry sessions = new SessionRegistry();

	private final Wheel wheel = new Wheel(System::nanoTime);

	private final ThreadPoolExecutor closers = new ThreadPoolExecutor(CLOSERS, CLOSERS, 5, TimeUnit.SECONDS,
			new LinkedBlockingQueue<>(), threads("realtime-closer-"));

	private final Stripes stripes = new Stripes(Runtime.getRuntime().availableProcessors(),
			threads("realtime-stripe-"));

	private final OutboundBudget budget;

	private final Sweeper sweeper;

	private final RoomRelay relay;

	private final @Nullable OutboxReplayer outbox;

	private final OutboxTemplate outboxOperations;

	private final RoomRegistry rooms;

	private final ControlPlane control;

	private final SessionGateway gateway;

	private final RealtimeTemplate operations;

	private final RateLimiter rates;

	/**
	 * Put the parts together.
	 * @param settings the numbers
	 * @param namespaces the namespaces of rooms
	 * @param relay what connects the nodes
	 * @param presence who is in which room
	 * @param code the application's own
	 * @param handlerExecutor where the application's code runs
	 * @param converter what turns payloads into bytes
	 * @param guarantees what publications can rely on
	 * @param bus what carries what is done to users
	 */
	public RealtimeEngine(EngineSettings settings, Namespaces namespaces, RoomRelay relay, PresenceStore presence,
			ApplicationCode code, Executor handlerExecutor, PayloadConverter converter, PublishGuarantees guarantees,
			ControlBus bus) {
		Clock clock = Clock.systemUTC();
		this.settings = settings;
		this.relay = relay;
		this.budget = new OutboundBudget(settings.maxNodeOutboundBytes());
		this.sweeper = new Sweeper(this.sessions, this.budget, System::nanoTime);
		ListenerNotifier notifier = new ListenerNotifier(code.listeners(), presence, settings.leaveGrace(), this.wheel,
				handlerExecutor);
		LocalDelivery local = new LocalDelivery(guarantees.localDelivery() ? this::deliverAhead : null, clock);
		this.outbox = (guarantees.outbox() != null) ? new OutboxReplayer(relay, guarantees.outbox(), namespaces, local,
				clock, guarantees.outbox().lease().dividedBy(LEASE_SWEEPS)) : null;
		this.outboxOperations = new OutboxTemplate(guarantees.outbox(), this::outboxRetried);
		OutboxLanes lanes = (this.outbox != null) ? this.outbox.lanes() : null;
		OutageHandling outage = new OutageHandling(relay, guarantees.outbox(), lanes, this::deliver, clock);
		Duration patience = settings.commandTimeout().multipliedBy((lanes != null) ? 2 : 1);
		PublishPipeline pipeline = new PublishPipeline(relay, guarantees, outage, patience);
		this.rooms = new RoomRegistry(this.stripes, relay, presence, notifier,
				limits(settings, lanes != null && guarantees.localDelivery()), namespaces, pipeline, this.wheel);
		presence.listen(new PresenceNews(this.rooms, notifier.occupancy()));
		OnlineUsers users = new OnlineUsers(this.sessions, presence);
		Revocations revocations = new Revocations();
		this.control = new ControlPlane(bus, this.sessions, this.rooms, this.wheel, revocations);
		SubscriptionExpiries expiries = new SubscriptionExpiries(this.rooms, this.wheel, clock);
		ServerSubscriptions serverSubscriptions = new ServerSubscriptions(namespaces, this.rooms, expiries);
		RoomGuard guard = new RoomGuard(namespaces, code.authorizers(), code.handlers());
		RoomCommands commands = new RoomCommands(guard, code.handlers(),
				new PublishCommands(guard, code.handlers(), pipeline), this.rooms, relay, presence, expiries,
				settings.maxRoomsPerSession());
		CommandDispatcher dispatcher = new CommandDispatcher(
				new Authentication(code.authenticators(), code.connectHandlers(), clock, settings.allowAnonymous(),
						this.control::isBanned),
				commands, new CallCommands(code.handlers()), serverSubscriptions, users, notifier, settings,
				revocations);
		this.rates = new RateLimiter(settings.inbound(), System::nanoTime);
		this.gateway = new SessionGateway(settings, this.sessions, users, this.rooms, dispatcher, notifier, this.budget,
				this.wheel, clock, this.closers, handlerExecutor, this.control, this.rates, code.scope());
		this.operations = new RealtimeTemplate(namespaces, pipeline, relay, presence, users, this.control, converter,
				settings.commandTimeout(), patience);
		this.closers.allowCoreThreadTimeOut(true);
	}

	private void deliver(RelayMessage message) {
		this.rooms.deliver(message);
	}

	private void outboxRetried() {
		if (this.outbox != null) {
			this.outbox.retried();
		}
	}

	private void deliverAhead(RelayMessage message) {
		this.rooms.deliverAhead(message);
	}

	private static RoomLimits limits(EngineSettings settings, boolean provisional) {
		return new RoomLimits(settings.recoveryLimit(), settings.outbound().maxBytes() / 2,
				settings.outbound().batchBytes(), settings.leaveGrace(), provisional);
	}

	private static ThreadFactory threads(String prefix) {
		AtomicInteger count = new AtomicInteger();
		return (task) -> {
			Thread thread = new Thread(task, prefix + count.incrementAndGet());
			thread.setDaemon(true);
			return thread;
		};
	}

	/**
	 * Return where web servers bring their sockets.
	 * @return the gateway
	 */
	public SessionGateway gateway() {
		return this.gateway;
	}

	/**
	 * Return what the application does in rooms.
	 * @return the operations
	 */
	public RealtimeOperations operations() {
		return this.operations;
	}

	/**
	 * Return what an operator can do with the outbox.
	 * @return the operations, also if there is no outbox
	 */
	public OutboxOperations outbox() {
		return this.outboxOperations;
	}

	/**
	 * Return what this node knows of the outbox without asking it.
	 * @return the monitor, or {@code null} if there is no outbox
	 */
	public @Nullable OutboxMonitor outboxMonitor() {
		return (this.outbox != null) ? this.outbox.monitor() : null;
	}

	/**
	 * Return the rooms of this node.
	 * @return the registry
	 */
	public RoomRegistry rooms() {
		return this.rooms;
	}

	/**
	 * Return how many sessions there are.
	 * @return the number of sessions, connected or not
	 */
	public int sessionCount() {
		return this.sessions.size();
	}

	/**
	 * Return how many rooms have members on this node.
	 * @return the number of rooms
	 */
	public int roomCount() {
		return this.rooms.size();
	}

	/**
	 * Return how many bytes wait for slow clients.
	 * @return the number of bytes
	 */
	public long queuedBytes() {
		return this.budget.queuedBytes();
	}

	/**
	 * Start the timers. Can be called again after {@link #stop()}.
	 */
	public void start() {
		this.relay.start();
		if (this.outbox != null) {
			this.outbox.start();
		}
		this.wheel.start(threads("realtime-wheel-"));
		this.control.start(this.settings.commandTimeout());
		sweepAgain();
	}

	private void sweepAgain() {
		this.wheel.schedule(this::sweep, SWEEP_NANOS);
	}

	private void sweep() {
		try {
			this.sweeper.run();
			this.rates.sweep();
		}
		finally {
			sweepAgain();
		}
	}

	/**
	 * Let sessions in.
	 */
	public void accept() {
		this.gateway.accepting(true);
	}

	/**
	 * Let no more sessions in and end those there are, in batches, so that their clients
	 * do not all come to another node at once.
	 * @param done called when all are gone, or the time for it is over
	 */
	public void drain(Runnable done) {
		this.gateway.accepting(false);
		List<LocalSession> all = new ArrayList<>(this.sessions.all());
		Collections.shuffle(all);
		new Drain(this.wheel, this.sessions, this.settings, all, done).run();
	}

	/**
	 * Stop the timers.
	 */
	public void stop() {
		this.sessions.all().forEach((session) -> session.disconnect(DisconnectReason.SHUTDOWN));
		this.control.stop();
		this.wheel.stop();
		this.relay.stop();
		if (this.outbox != null) {
			this.outbox.stop();
		}
	}

	/**
	 * Give the threads back. The engine cannot be started again.
	 */
	@Override
	public void close() {
		stop();
		this.stripes.stop();
		this.closers.shutdown();
	}

}
