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

package dev.realtime.http;

import java.io.IOException;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.core.io.ClassPathResource;
import org.springframework.http.CacheControl;
import org.springframework.util.DigestUtils;
import org.springframework.util.StreamUtils;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.servlet.support.WebContentGenerator;

/**
 * Serves the browser client, {@code client.js}, and to paths that end in {@code .d.ts}
 * its typings. Browsers keep both but ask each time whether they have changed.
 *
 * @since 0.1.0
 */
public final class ClientScriptHandler extends WebContentGenerator implements HttpRequestHandler {

	private final Content script = new Content("client.js", "text/javascript;charset=UTF-8");

	private final Content typings = new Content("client.d.ts", "text/plain;charset=UTF-8");

	/**
	 * Create the handler.
	 * @throws IllegalStateException if the client is not on the class path
	 */
	public ClientScriptHandler() {
		super(METHOD_GET, METHOD_HEAD);
		setCacheControl(CacheControl.noCache());
	}

	@Override
	public void handleRequest(HttpServletRequest request, HttpServletResponse response)
			throws ServletException, IOException {
		checkRequest(request);
		prepareResponse(response);
		Content content = request.getRequestURI().endsWith(".d.ts") ? this.typings : this.script;
		if (!new ServletWebRequest(request, response).checkNotModified(content.etag)) {
			content.write(request, response);
		}
	}

	/** A file of the client. */
	private static final class Content {

		private final byte[] bytes;

		private final String type;

		private final String etag;

		Content(String file, String type) {
			this.bytes = read(new ClassPathResource(file, ClientScriptHandler.class));
			this.type = type;
			this.etag = "\"" + DigestUtils.md5DigestAsHex(this.bytes) + "\"";
		}

		private static byte[] read(ClassPathResource resource) {
			try {
				return StreamUtils.copyToByteArray(resource.getInputStream());
			}
			catch (IOException ex) {
				throw new IllegalStateException("Cannot read " + resource, ex);
			}
		}

		void write(HttpServletRequest request, HttpServletResponse response) throws IOException {
			response.setContentType(this.type);
			response.setContentLength(this.bytes.length);
			response.setHeader("X-Content-Type-Options", "nosniff");
			if (METHOD_GET.equals(request.getMethod())) {
				response.getOutputStream().write(this.bytes);
			}
		}

	}

}
