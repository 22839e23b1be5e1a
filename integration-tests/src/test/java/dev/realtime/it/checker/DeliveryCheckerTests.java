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

package dev.realtime.it.checker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

import dev.realtime.StreamPosition;
import dev.realtime.it.checker.Verdict.Defect;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DeliveryChecker}: each defect is found, and nothing else.
 */
@Timeout(60)
class DeliveryCheckerTests {

	private static final String ROOM = "chat:a";

	private static final StreamPosition START = new StreamPosition(0, "e");

	private final DeliveryChecker checker = new DeliveryChecker();

	private final ClientLog bob = this.checker.client("bob");

	@Test
	void whenEverythingComesTheVerdictIsClean() {
		this.bob.joined(ROOM, START);
		accept(1, 3);
		receive(this.bob, 1, 3);
		this.checker.client("eve").joined(ROOM, at(2));
		receive(this.checker.client("eve"), 3, 3);
		this.checker.attempt(ROOM, "p", 4, "id4").reject();
		this.checker.attempt(ROOM, "p", 5, "id5").unknown();
		Verdict verdict = this.checker.verdict();
		assertThat(verdict.isClean()).as(verdict.toString()).isTrue();
		assertThat(verdict).hasToString("attempts 5: accepted 3, rejected 1, unknown 1; received 4, gap signals 0\n"
				+ "lost 0, silentGap 0, reorder 0, duplicates 0, ghost 0, unauthorised 0");
	}

	@Test
	void whenTheEndIsMissingItIsLost() {
		this.bob.joined(ROOM, START);
		accept(1, 3);
		receive(this.bob, 1, 2);
		assertDefects(Defect.LOST, 1);
		assertThat(this.checker.verdict().toString()).contains("lost 1, silentGap 0")
			.contains("\nlost: bob in chat:a: id3 (p 3, ACCEPTED at 3 of e) never came; member since 0 of 'e'");
		receive(this.bob, 3, 3);
		assertThat(this.checker.verdict().isClean()).isTrue();
	}

	@Test
	void whenTheMiddleIsMissingThereIsASilentGapAndItIsLost() {
		this.bob.joined(ROOM, START);
		accept(1, 3);
		receive(this.bob, 1, 1);
		receive(this.bob, 3, 3);
		assertDefects(Defect.SILENT_GAP, 1, Defect.LOST, 1);
	}

	@Test
	void whenTheMiddleIsMissingLeavingDoesNotHideIt() {
		this.bob.joined(ROOM, START);
		accept(1, 4);
		receive(this.bob, 1, 1);
		receive(this.bob, 3, 3);
		this.bob.left(ROOM);
		assertDefects(Defect.SILENT_GAP, 1);
	}

	@Test
	void whenTheBeginningIsMissingThereIsASilentGap() {
		this.bob.joined(ROOM, START);
		accept(1, 2);
		receive(this.bob, 2, 2);
		assertDefects(Defect.SILENT_GAP, 1, Defect.LOST, 1);
	}

	@Test
	void whenThereIsAGapSignalNothingIsLost() {
		this.bob.joined(ROOM, START);
		accept(1, 5);
		receive(this.bob, 1, 1);
		this.bob.gap(ROOM);
		this.bob.joined(ROOM, at(4));
		receive(this.bob, 5, 5);
		assertThat(this.checker.verdict().isClean()).isTrue();
		assertThat(this.checker.verdict().gapSignals()).isEqualTo(1);
	}

	@Test
	void whenItHasLeftNothingMoreIsOwed() {
		this.bob.joined(ROOM, START);
		accept(1, 5);
		receive(this.bob, 1, 1);
		this.bob.left(ROOM);
		assertThat(this.checker.verdict().isClean()).isTrue();
	}

	@Test
	void whenItRecoversEverythingIsOwed() {
		this.bob.joined(ROOM, START);
		accept(1, 5);
		receive(this.bob, 1, 2);
		this.bob.joined(ROOM, at(5));
		assertDefects(Defect.LOST, 3);
		receive(this.bob, 3, 5);
		assertThat(this.checker.verdict().isClean()).isTrue();
	}

	@Test
	void whenItIsNotRecoveredButAskedForOldOnesTheyAreNoDuplicates() {
		this.bob.joined(ROOM, START);
		accept(1, 3);
		receive(this.bob, 1, 3);
		this.bob.left(ROOM);
		this.bob.joined(ROOM, at(1));
		receive(this.bob, 2, 3);
		assertThat(this.checker.verdict().isClean()).isTrue();
	}

	@Test
	void whenItComesTwiceItIsADuplicate() {
		this.bob.joined(ROOM, START);
		accept(1, 2);
		receive(this.bob, 1, 2);
		receive(this.bob, 2, 2);
		assertDefects(Defect.DUPLICATE, 1);
	}

	@Test
	void whenItComesAgainAtAnotherOffsetItIsADuplicateAndNoHole() {
		this.bob.joined(ROOM, START);
		accept(1, 1);
		receive(this.bob, 1, 1);
		this.bob.received(ROOM, 2, "e", "id1");
		this.checker.attempt(ROOM, "p", 2, "id2").ack(3, "e");
		this.bob.received(ROOM, 3, "e", "id2");
		assertDefects(Defect.DUPLICATE, 1);
	}

	@Test
	void whenItComesAgainAfterAGapItIsADuplicate() {
		this.bob.joined(ROOM, START);
		accept(1, 1);
		receive(this.bob, 1, 1);
		this.bob.gap(ROOM);
		this.bob.joined(ROOM, new StreamPosition(0, "f"));
		this.bob.received(ROOM, 1, "f", "id1");
		assertDefects(Defect.DUPLICATE, 1);
	}

	@Test
	void whenOffsetsGoBackTheyAreReordered() {
		this.bob.joined(ROOM, START);
		this.checker.attempt(ROOM, "p", 1, "id1").ack(1, "e");
		this.checker.attempt(ROOM, "q", 1, "id2").ack(2, "e");
		this.bob.received(ROOM, 2, "e", "id2");
		this.bob.received(ROOM, 1, "e", "id1");
		assertDefects(Defect.SILENT_GAP, 1, Defect.REORDER, 1);
	}

	@Test
	void whenAPublishersOrderIsNotKeptItIsReordered() {
		this.bob.joined(ROOM, START);
		this.checker.attempt(ROOM, "p", 1, "id1").ack(2, "e");
		this.checker.attempt(ROOM, "p", 2, "id2").ack(1, "e");
		this.bob.received(ROOM, 1, "e", "id2");
		this.bob.received(ROOM, 2, "e", "id1");
		assertDefects(Defect.REORDER, 1);
	}

	@Test
	void whenSubscribersSeeDifferentOrdersTheyAreReordered() {
		ClientLog eve = this.checker.client("eve");
		this.bob.joined(ROOM, START);
		eve.joined(ROOM, START);
		this.checker.attempt(ROOM, "p", 1, "id1").unknown();
		this.checker.attempt(ROOM, "q", 1, "id2").unknown();
		this.bob.received(ROOM, 1, "e", "id1");
		this.bob.received(ROOM, 2, "e", "id2");
		eve.received(ROOM, 1, "e", "id2");
		eve.received(ROOM, 2, "e", "id1");
		assertThat(this.checker.verdict().count(Defect.REORDER)).isPositive();
	}

	@Test
	void whenPublisherLearnsAnotherOffsetItIsReordered() {
		this.bob.joined(ROOM, START);
		this.checker.attempt(ROOM, "p", 1, "id1").ack(7, "e");
		this.bob.received(ROOM, 1, "e", "id1");
		assertDefects(Defect.REORDER, 1);
	}

	@Test
	void whenTwoAreAcknowledgedAtOnePlaceTheyAreReordered() {
		this.checker.attempt(ROOM, "p", 1, "id1").ack(1, "e");
		this.checker.attempt(ROOM, "q", 1, "id2").ack(1, "e");
		assertDefects(Defect.REORDER, 1);
	}

	@Test
	void whenTheEpochChangesWithoutASignalThereIsASilentGap() {
		this.bob.joined(ROOM, START);
		accept(1, 1);
		receive(this.bob, 1, 1);
		this.checker.attempt(ROOM, "p", 2, "id2").ack(1, "f");
		this.checker.attempt(ROOM, "p", 3, "id3").ack(2, "f");
		this.bob.received(ROOM, 1, "e", "id2");
		this.bob.received(ROOM, 2, "e", "id3");
		assertDefects(Defect.SILENT_GAP, 1);
	}

	@Test
	void whenTheEpochChangesAndNothingComesItIsLost() {
		this.bob.joined(ROOM, START);
		accept(1, 1);
		receive(this.bob, 1, 1);
		this.checker.attempt(ROOM, "p", 2, "id2").ack(1, "f");
		assertDefects(Defect.LOST, 1);
		this.bob.gap(ROOM);
		this.bob.joined(ROOM, new StreamPosition(1, "f"));
		assertThat(this.checker.verdict().isClean()).isTrue();
	}

	@Test
	void whenRejectedOneComesItIsAGhost() {
		this.bob.joined(ROOM, START);
		this.checker.attempt(ROOM, "p", 1, "id1").reject();
		receive(this.bob, 1, 1);
		assertDefects(Defect.GHOST, 1);
	}

	@Test
	void whenItComesFromNowhereOrAnotherRoomItIsAGhost() {
		this.bob.joined(ROOM, START);
		this.bob.received(ROOM, 1, "e", "nobody's");
		this.checker.attempt("chat:b", "p", 1, "id2").ack(1, "e");
		this.bob.received(ROOM, 2, "e", "id2");
		assertThat(this.checker.verdict().count(Defect.GHOST)).isEqualTo(2);
	}

	@Test
	void whenRetriedItIsNoGhost() {
		this.bob.joined(ROOM, START);
		Attempt attempt = this.checker.attempt(ROOM, "p", 1, "id1");
		attempt.unknown();
		this.checker.attempt(ROOM, "p", 1, "id1").reject();
		receive(this.bob, 1, 1);
		this.checker.attempt(ROOM, "p", 2, "id2").reject();
		this.checker.attempt(ROOM, "p", 2, "id2").ack(2, "e");
		receive(this.bob, 2, 2);
		Verdict verdict = this.checker.verdict();
		assertThat(verdict.isClean()).as(verdict.toString()).isTrue();
		assertThat(verdict.attempts()).isEqualTo(2);
	}

	@Test
	void whenItIsNoMemberItIsUnauthorised() {
		accept(1, 3);
		receive(this.bob, 1, 1);
		this.bob.joined(ROOM, at(1));
		receive(this.bob, 2, 2);
		this.bob.left(ROOM);
		receive(this.bob, 3, 3);
		assertDefects(Defect.UNAUTHORISED, 2);
	}

	@Test
	void whenSomethingComesAfterTheGapSignalItIsUnauthorised() {
		accept(1, 1);
		this.bob.joined(ROOM, START);
		this.bob.gap(ROOM);
		receive(this.bob, 1, 1);
		assertDefects(Defect.UNAUTHORISED, 1);
	}

	@Test
	void whenUnknownOneComesToOneMemberItIsOwedToAll() {
		ClientLog eve = this.checker.client("eve");
		this.bob.joined(ROOM, START);
		eve.joined(ROOM, START);
		this.checker.attempt(ROOM, "p", 1, "id1").unknown();
		assertThat(this.checker.verdict().isClean()).isTrue();
		receive(this.bob, 1, 1);
		assertDefects(Defect.LOST, 1);
		receive(eve, 1, 1);
		assertThat(this.checker.verdict().isClean()).isTrue();
	}

	@Test
	void whenSpilledItIsOwedAndItsPlaceIsLearntFromTheOthers() {
		ClientLog eve = this.checker.client("eve");
		this.bob.joined(ROOM, START);
		this.checker.attempt(ROOM, "p", 1, "id1").spilled();
		assertDefects(Defect.LOST, 1);
		eve.joined(ROOM, START);
		receive(this.bob, 1, 1);
		assertDefects(Defect.LOST, 1);
		receive(eve, 1, 1);
		assertThat(this.checker.verdict().isClean()).isTrue();
	}

	@Test
	void whenRoomShowsNoOffsetsDefectsAreFoundByWhatThePublisherKnows() {
		this.checker.attempt(ROOM, "p", 0, "before").ack(10, "e");
		this.bob.joined(ROOM);
		for (int i = 1; i <= 5; i++) {
			Attempt attempt = this.checker.attempt(ROOM, "p", i, "id" + i);
			if (i != 2) {
				attempt.ack(10 + i, "e");
			}
		}
		for (int i : new int[] { 1, 2, 3 }) {
			this.bob.received(ROOM, 0, "", "id" + i);
		}
		assertDefects(Defect.LOST, 2);
		this.bob.received(ROOM, 0, "", "id5");
		assertDefects(Defect.LOST, 1, Defect.SILENT_GAP, 1);
		this.bob.received(ROOM, 0, "", "id4");
		assertThat(this.checker.verdict().count(Defect.REORDER)).isPositive();
		assertThat(this.checker.verdict().lost()).isZero();
	}

	@Test
	void roomsAreJudgedSeparately() {
		this.bob.joined(ROOM, START);
		this.bob.joined("chat:b", START);
		accept(1, 2);
		receive(this.bob, 1, 2);
		this.checker.attempt("chat:b", "p", 1, "b1").ack(1, "e");
		this.bob.received("chat:b", 1, "e", "b1");
		assertThat(this.checker.verdict().isClean()).isTrue();
	}

	@Test
	void onlyTheFirstFewAreShown() {
		this.bob.joined(ROOM, START);
		accept(1, 100);
		Verdict verdict = this.checker.verdict();
		assertThat(verdict.lost()).isEqualTo(100);
		assertThat(verdict.toString().lines()).hasSize(7);
	}

	@Test
	void manyThreadsAndEventsAreCheap() {
		int publishers = 4;
		int each = 2_000;
		List<ClientLog> clients = IntStream.range(0, 50).mapToObj((i) -> this.checker.client("c" + i)).toList();
		ExecutorService threads = Executors.newFixedThreadPool(publishers);
		try {
			long begin = System.nanoTime();
			List<CompletableFuture<Void>> results = new ArrayList<>();
			for (int i = 0; i < publishers; i++) {
				String room = "chat:" + i;
				results.add(CompletableFuture.runAsync(() -> play(room, each, clients), threads));
			}
			results.forEach(CompletableFuture::join);
			Verdict verdict = this.checker.verdict();
			assertThat(verdict.isClean()).as(verdict.toString()).isTrue();
			assertThat(verdict.received()).isEqualTo((long) publishers * each * clients.size());
			assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
		}
		finally {
			threads.shutdownNow();
		}
	}

	private void play(String room, int count, List<ClientLog> clients) {
		clients.forEach((client) -> client.joined(room, START));
		for (int i = 1; i <= count; i++) {
			String id = room + "-" + i;
			this.checker.attempt(room, "p", i, id).ack(i, "e");
			for (ClientLog client : clients) {
				client.received(room, i, "e", id);
			}
		}
	}

	private void accept(int first, int last) {
		for (int i = first; i <= last; i++) {
			this.checker.attempt(ROOM, "p", i, "id" + i).ack(i, "e");
		}
	}

	private static void receive(ClientLog client, int first, int last) {
		for (int i = first; i <= last; i++) {
			client.received(ROOM, i, "e", "id" + i);
		}
	}

	private static StreamPosition at(long offset) {
		return new StreamPosition(offset, "e");
	}

	private void assertDefects(Defect defect, long count) {
		Verdict verdict = this.checker.verdict();
		assertThat(verdict.counts()).as(verdict.toString()).containsOnlyKeys(defect).containsEntry(defect, count);
	}

	private void assertDefects(Defect defect, long count, Defect other, long otherCount) {
		Verdict verdict = this.checker.verdict();
		assertThat(verdict.counts()).as(verdict.toString())
			.containsOnlyKeys(defect, other)
			.containsEntry(defect, count)
			.containsEntry(other, otherCount);
	}

}
