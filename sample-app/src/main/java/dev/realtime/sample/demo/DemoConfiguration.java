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

package dev.realtime.sample.demo;

import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.ViewControllerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * What node A has in addition: the Redis, node B, and the page.
 */
@Configuration(proxyBeanMethods = false)
@Profile(DemoConfiguration.NODE_A)
class DemoConfiguration implements WebMvcConfigurer {

	static final String NODE_A = "demo & !" + NodeB.PROFILE;

	@Bean
	DemoRedis demoRedis() {
		return new DemoRedis();
	}

	@Bean
	DataRedisConnectionDetails demoRedisConnection(DemoRedis redis) {
		return new DataRedisConnectionDetails() {

			@Override
			public Standalone getStandalone() {
				return Standalone.of(DemoRedis.HOST, redis.port());
			}

		};
	}

	@Bean
	NodeB nodeB(ConfigurableApplicationContext nodeA, DemoRedis redis) {
		return new NodeB(nodeA, redis);
	}

	@Override
	public void addViewControllers(ViewControllerRegistry registry) {
		registry.addViewController("/demo").setViewName("forward:/demo/index.html");
	}

	@Override
	public void addResourceHandlers(ResourceHandlerRegistry registry) {
		registry.addResourceHandler("/demo/*").addResourceLocations("classpath:/demo/");
	}

}
