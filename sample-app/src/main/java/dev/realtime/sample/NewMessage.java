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

package dev.realtime.sample;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;

/**
 * What somebody wants to say. Anything else in it, such as a sender, is ignored.
 *
 * @param text the text
 */
record NewMessage(@NotBlank(message = BLANK) @Size(max = MAX_TEXT, message = TOO_LONG) String text) {

	static final int MAX_TEXT = 500;

	static final String BLANK = "A message must not be empty";

	static final String TOO_LONG = "A message must have at most {max} characters";

}
