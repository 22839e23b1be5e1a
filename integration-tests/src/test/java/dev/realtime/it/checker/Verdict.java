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

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the {@link DeliveryChecker} found.
 *
 * @param attempts how many publications were tried
 * @param accepted how many of them were accepted
 * @param rejected how many of them were refused
 * @param unknown how many of them have no known outcome
 * @param received how many publications came to all clients together
 * @param gapSignals how many gap signals came to all clients together
 * @param counts how often there was each defect
 * @param examples the first few of each defect
 */
public record Verdict(long attempts, long accepted, long rejected, long unknown, long received, long gapSignals,
		Map<Defect, Long> counts, Map<Defect, List<String>> examples) {

	/**
	 * Return whether there is no defect.
	 * @return {@code true} if all counts are 0
	 */
	public boolean isClean() {
		return this.counts.isEmpty();
	}

	/**
	 * Return how often there was a defect.
	 * @param defect the defect
	 * @return the count
	 */
	public long count(Defect defect) {
		return this.counts.getOrDefault(defect, 0L);
	}

	/**
	 * Return how many deliveries are missing: accepted, not received, and no gap signal.
	 * @return the count
	 */
	public long lost() {
		return count(Defect.LOST);
	}

	/**
	 * Return the report: all figures, then the first few of each defect.
	 */
	@Override
	public String toString() {
		StringBuilder report = new StringBuilder();
		report.append("attempts ").append(this.attempts);
		report.append(": accepted ").append(this.accepted);
		report.append(", rejected ").append(this.rejected);
		report.append(", unknown ").append(this.unknown);
		report.append("; received ").append(this.received);
		report.append(", gap signals ").append(this.gapSignals).append('\n');
		report.append(Arrays.stream(Defect.values())
			.map((defect) -> defect.label() + " " + count(defect))
			.collect(Collectors.joining(", ")));
		for (Defect defect : Defect.values()) {
			for (String example : this.examples.getOrDefault(defect, List.of())) {
				report.append('\n').append(defect.label()).append(": ").append(example);
			}
		}
		return report.toString();
	}

	/**
	 * What can be wrong.
	 */
	public enum Defect {

		/** Accepted, but never came to a member that had no gap signal. */
		LOST("lost"),

		/** The next offset, or another epoch, came without a gap signal. */
		SILENT_GAP("silentGap"),

		/** A publisher's or the stream's order was not kept. */
		REORDER("reorder"),

		/** Came twice. */
		DUPLICATE("duplicates"),

		/** Came although it was refused, rolled back or never published there. */
		GHOST("ghost"),

		/** Came to somebody who was no member. */
		UNAUTHORISED("unauthorised");

		private final String label;

		Defect(String label) {
			this.label = label;
		}

		String label() {
			return this.label;
		}

	}

}
