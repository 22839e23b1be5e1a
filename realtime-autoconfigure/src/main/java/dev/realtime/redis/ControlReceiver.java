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

package dev.realtime.redis;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.control.ControlCodec;
import dev.realtime.control.ControlListener;
import dev.realtime.control.ControlMessage;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Lets this node do what others ask for, in the order in which it comes and outside the
 * driver's threads, and answers. What is sent again is answered again, but not done
 * again. Whatever else may be on the channel is ignored, with a limited line in the log.
 */
final class ControlReceiver implements ChannelListener {

	private static final LimitedLog logger = new LimitedLog(LogFactory.getLog(ControlReceiver.class));

	/** Where everything of the kind is done, one after the other. */
	static final String LANE = "control";

	private static final int MAX_WAITING = 10_000;

	private static final int MAX_SEEN = 10_000;

	private final AtomicInteger waiting = new AtomicInteger();

	private final Map<String, CompletionStage<@Nullable Void>> seen = new LinkedHashMap<>() {

		@Override
		protected boolean removeEldestEntry(Map.Entry<String, CompletionStage<@Nullable Void>> eldest) {
			return size() > MAX_SEEN;
		}

	};

	private final ControlSeal seal;

	private final ControlSender sender;

	private final ControlListener listener;

	private final ReplyLanes lanes;

	/**
	 * Create a receiver.
	 * @param sender sends answers; what it sends to others is left alone
	 * @param listener does what is asked for
	 * @param lanes where it does that
	 */
	ControlReceiver(ControlSeal seal, ControlSender sender, ControlListener listener, ReplyLanes lanes) {
		this.seal = seal;
		this.sender = sender;
		this.listener = listener;
		this.lanes = lanes;
	}

	@Override
	public void subscribed() {
	}

	@Override
	public void message(byte[] message) {
		byte[] content = this.seal.open(message);
		ControlEnvelope envelope = (content != null) ? ControlEnvelope.decode(content) : null;
		if (envelope == null) {
			logger.warn("garbage", "Something on the control channel has not been sent by a node of this version and "
					+ "application with the same realtime.redis.control-secret");
			return;
		}
		if (envelope.sender().equals(this.sender.address())) {
			return;
		}
		if (this.waiting.incrementAndGet() > MAX_WAITING) {
			this.waiting.decrementAndGet();
			logger.warn("flood", "More control messages come than this node can follow");
			return;
		}
		this.lanes.execute(LANE, () -> take(envelope));
	}

	private void take(ControlEnvelope envelope) {
		this.waiting.decrementAndGet();
		CompletionStage<@Nullable Void> done = perform(envelope);
		if (envelope.wantsAnswer()) {
			done.thenAccept((nothing) -> this.sender.answer(envelope));
		}
	}

	private synchronized CompletionStage<@Nullable Void> perform(ControlEnvelope envelope) {
		CompletionStage<@Nullable Void> done = this.seen.get(envelope.id());
		if (done == null) {
			done = execute(envelope);
			this.seen.put(envelope.id(), done);
		}
		return done;
	}

	/** What is not understood is not done, so it is not confirmed either. */
	private CompletionStage<@Nullable Void> execute(ControlEnvelope envelope) {
		ControlMessage message = ControlCodec.decode(envelope.body().bytes());
		if (message == null) {
			logger.warn("unknown", "Another node asks for something that this version does not know");
			return new CompletableFuture<>();
		}
		try {
			return this.listener.handle(message);
		}
		catch (RuntimeException ex) {
			logger.warn("failed", "Doing what another node asks for failed: " + ex);
			return CompletableFuture.failedFuture(ex);
		}
	}

}
