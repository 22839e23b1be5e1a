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

package dev.realtime.outbox;

/**
 * When a publication inside a transaction goes out.
 *
 * @since 0.1.0
 */
public enum TransactionMode {

	/**
	 * It is stored in the transaction and goes out right after the commit; whatever
	 * happens then, it is there.
	 */
	OUTBOX,

	/**
	 * It goes out as the last thing before the commit, so that its failure rolls the
	 * transaction back. A commit that fails afterwards does not take it back.
	 */
	BEFORE_COMMIT,

	/** It goes out after the commit, and is lost if the process dies in between. */
	AFTER_COMMIT

}
