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

package dev.realtime.room;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

import dev.realtime.session.Subscription;
import org.jspecify.annotations.Nullable;

/**
 * The members of a room on this node, packed, in no particular order. Each knows its
 * place, so that it leaves without a search. For the room's stripe only.
 */
final class Members {

	private @Nullable Subscription[] members = new Subscription[2];

	private int size;

	void add(Subscription member) {
		if (this.size == this.members.length) {
			this.members = Arrays.copyOf(this.members, this.size * 2);
		}
		member.index(this.size);
		this.members[this.size++] = member;
	}

	void remove(Subscription member) {
		Subscription last = this.members[--this.size];
		this.members[this.size] = null;
		if (last != null && last != member) {
			last.index(member.index());
			this.members[member.index()] = last;
		}
		member.index(-1);
	}

	/**
	 * Return all members.
	 * @return a snapshot
	 */
	List<Subscription> all() {
		List<Subscription> all = new ArrayList<>(this.size);
		for (int i = 0; i < this.size; i++) {
			Subscription member = this.members[i];
			if (member != null) {
				all.add(member);
			}
		}
		return all;
	}

	int size() {
		return this.size;
	}

	/**
	 * Send a batch to some of the members.
	 * @param batch the batch
	 * @param from the first of them
	 * @param count at most so many
	 * @param ahead whether some may have a part of it already
	 * @param resync gets those that must be told to subscribe again
	 * @return whether it was the last of them
	 */
	boolean send(Batch batch, int from, int count, boolean ahead, Consumer<Subscription> resync) {
		int end = Math.min(from + count, this.size);
		for (int i = from; i < end; i++) {
			Subscription member = this.members[i];
			if (member != null && !member.isEnded() && !batch.send(member, ahead)) {
				resync.accept(member);
			}
		}
		return end == this.size;
	}

}
