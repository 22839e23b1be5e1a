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

package dev.realtime.relay;

import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.realtime.ErrorCode;
import dev.realtime.History;
import dev.realtime.HistoryQuery;
import dev.realtime.Publication;
import dev.realtime.RealtimeException;
import dev.realtime.StreamPosition;
import dev.realtime.naming.RoomSettings;
import org.jspecify.annotations.Nullable;

/**
 * The stream of one room in memory. Its lock makes appending and handing over to the
 * subscriber one step.
 */
final class LocalStream {

	/** How many ids are remembered, and for how long. */
	private static final int MAX_IDS = 1_000;

	private static final long ID_MILLIS = 300_000;

	private static final SecureRandom RANDOM = new SecureRandom();

	private final String epoch = RANDOM.ints(8, 0, 52)
		.collect(StringBuilder::new, (text, i) -> text.append((char) ((i < 26) ? 'a' + i : 'A' + i - 26)),
				StringBuilder::append)
		.toString();

	private final ArrayDeque<Publication> publications = new ArrayDeque<>(0);

	private @Nullable Map<String, Accepted> ids;

	private @Nullable RelaySubscriber subscriber;

	private long top;

	private long touched;

	private boolean gone;

	/**
	 * Append and hand over.
	 * @return the position and the subscriber to flush, or {@code null} if the stream has
	 * been removed meanwhile
	 */
	synchronized @Nullable Appended append(RelayMessage message, RoomSettings settings, long now) {
		if (this.gone) {
			return null;
		}
		this.touched = now;
		Accepted before = find(message.id(), now);
		if (before != null) {
			return new Appended(new StreamPosition(before.offset, this.epoch), null);
		}
		RelayMessage accepted = message;
		if (message.type() == RelayMessage.Type.PUBLICATION) {
			accepted = message.accepted(this.epoch, ++this.top, settings.hasHistory(), now);
			remember(message.id(), now);
			keep(accepted.publication(), settings, now);
		}
		if (this.subscriber != null) {
			this.subscriber.offer(accepted);
		}
		return new Appended(position(), this.subscriber);
	}

	private @Nullable Accepted find(@Nullable String id, long now) {
		Accepted found = (id != null && this.ids != null) ? this.ids.get(id) : null;
		return (found != null && now - found.time <= ID_MILLIS) ? found : null;
	}

	private void remember(@Nullable String id, long now) {
		if (id == null) {
			return;
		}
		if (this.ids == null) {
			this.ids = new LinkedHashMap<>();
		}
		this.ids.remove(id);
		this.ids.put(id, new Accepted(this.top, now));
		if (this.ids.size() > MAX_IDS) {
			Iterator<String> oldest = this.ids.keySet().iterator();
			oldest.next();
			oldest.remove();
		}
	}

	private void keep(Publication publication, RoomSettings settings, long now) {
		if (settings.hasHistory()) {
			this.publications.add(publication);
			expire(settings, now);
		}
	}

	private void expire(RoomSettings settings, long now) {
		long oldest = now - settings.historyTimeToLive().toMillis();
		Publication first = this.publications.peek();
		while (first != null && (this.publications.size() > settings.historySize() || first.time() < oldest)) {
			this.publications.remove();
			first = this.publications.peek();
		}
	}

	synchronized @Nullable StreamPosition subscribe(RelaySubscriber subscriber) {
		if (this.gone) {
			return null;
		}
		this.subscriber = subscriber;
		return position();
	}

	synchronized void unsubscribe(RelaySubscriber subscriber, long now) {
		if (this.subscriber == subscriber) {
			this.subscriber = null;
			this.touched = now;
		}
	}

	private StreamPosition position() {
		return new StreamPosition(this.top, this.epoch);
	}

	synchronized @Nullable History read(HistoryQuery query, RoomSettings settings, long now) {
		if (this.gone) {
			return null;
		}
		expire(settings, now);
		StreamPosition since = query.since();
		if (since != null && !since.epoch().isEmpty() && !since.epoch().equals(this.epoch)) {
			throw new RealtimeException(ErrorCode.UNRECOVERABLE_POSITION);
		}
		this.touched = now;
		List<Publication> found = new ArrayList<>();
		Iterator<Publication> all = query.reverse() ? this.publications.descendingIterator()
				: this.publications.iterator();
		while (all.hasNext() && (query.limit() < 0 || found.size() < query.limit())) {
			Publication publication = all.next();
			if (since == null || isBehind(publication, since, query.reverse())) {
				found.add(publication);
			}
		}
		return new History(found, position());
	}

	synchronized void clear() {
		this.publications.clear();
	}

	private boolean isBehind(Publication publication, StreamPosition since, boolean reverse) {
		return reverse ? publication.offset() < since.offset() : publication.offset() > since.offset();
	}

	/**
	 * Decide to be removed: nobody listens and nobody can still recover.
	 * @param oldest the time before which an untouched stream is forgotten
	 */
	synchronized boolean retire(long oldest) {
		this.gone = this.gone || (this.subscriber == null && this.touched < oldest);
		return this.gone;
	}

	record Appended(StreamPosition position, @Nullable RelaySubscriber subscriber) {

	}

	private record Accepted(long offset, long time) {

	}

}
