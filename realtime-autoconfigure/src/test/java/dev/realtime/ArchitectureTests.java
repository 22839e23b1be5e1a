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

package dev.realtime;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

/**
 * Holds the levels of the packages: a package imports only packages of lower levels.
 */
class ArchitectureTests {

	private static final String ROOT = "dev.realtime";

	/**
	 * The packages of each level, lowest first, named below the root package. The root
	 * package itself is the empty name.
	 */
	private static final List<Set<String>> LEVELS = List.of(Set.of("", "annotation"),
			Set.of("protocol", "naming", "limit", "telemetry"),
			Set.of("session", "relay", "presence", "outbox", "control"), Set.of("room", "handler"), Set.of("core"),
			Set.of("websocket", "websocket.tomcat", "websocket.jetty", "redis", "rabbit", "jdbc", "transaction",
					"security", "http", "micrometer", "health", "actuate.endpoint", "asyncapi"),
			Set.of("autoconfigure"));

	private static final int ADAPTERS = 5;

	private static final int WIRING = 6;

	private static final Set<String> HANDLER_IMPORTS = Set.of("", "annotation", "naming", "protocol");

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(new ImportOption.DoNotIncludeTests())
		.importPackages(ROOT);

	@Test
	void everyPackageHasALevel() {
		classes().should(haveALevel()).allowEmptyShould(true).check(CLASSES);
	}

	@Test
	void everyPackageIsNullMarked() {
		classes().should(beInANullMarkedPackage()).allowEmptyShould(true).check(CLASSES);
	}

	@Test
	void packagesImportOnlyLowerLevels() {
		classes().should(importOnly("packages of lower levels", ArchitectureTests::mayImport))
			.allowEmptyShould(true)
			.check(CLASSES);
	}

	@Test
	void packagesHaveNoCycles() {
		slices().assignedFrom(packages()).should().beFreeOfCycles().allowEmptyShould(true).check(CLASSES);
	}

	@Test
	void onlyTheWiringSeesAdapters() {
		noClasses().that(residesBelow(ADAPTERS))
			.should()
			.dependOnClassesThat(residesIn(ADAPTERS))
			.allowEmptyShould(true)
			.check(CLASSES);
	}

	@Test
	void handlersSeeOnlyTheApiTheNamesAndTheProtocol() {
		classes().that(DescribedPredicate.describe("handlers", (type) -> "handler".equals(packageOf(type))))
			.should(importOnly("the API, naming and protocol", (from, to) -> HANDLER_IMPORTS.contains(to)))
			.allowEmptyShould(true)
			.check(CLASSES);
	}

	@Test
	void theApplicationsApiNeedsOnlyTheJdkAndJSpecify() {
		classes().that()
			.resideInAPackage(ROOT)
			.should()
			.onlyDependOnClassesThat()
			.resideInAnyPackage(ROOT, "java..", "org.jspecify.annotations")
			.allowEmptyShould(true)
			.check(CLASSES);
	}

	@Test
	void annotationsNeedOnlyTheApiAndSpringsAnnotations() {
		classes().that()
			.resideInAPackage(ROOT + ".annotation")
			.should()
			.onlyDependOnClassesThat()
			.resideInAnyPackage(ROOT, ROOT + ".annotation", "java..", "org.jspecify.annotations",
					"org.springframework..annotation..", "org.springframework.stereotype..")
			.allowEmptyShould(true)
			.check(CLASSES);
	}

	@Test
	void whatIsBelowTheAdaptersNeedsNoInfrastructure() {
		noClasses().that(residesBelow(ADAPTERS))
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.springframework.data..", "io.lettuce..", "org.springframework.web.socket..",
					"io.micrometer..", "org.springframework.transaction..", "org.springframework.boot..")
			.allowEmptyShould(true)
			.check(CLASSES);
	}

	private static boolean mayImport(String from, String to) {
		int level = levelOf(from);
		return levelOf(to) < level || (level == levelOf(to) && isParent(to, from));
	}

	private static boolean isParent(String candidate, String name) {
		return switch (candidate) {
			case "" -> "annotation".equals(name);
			case "websocket", "autoconfigure" -> name.startsWith(candidate + ".");
			default -> false;
		};
	}

	private static int levelOf(String name) {
		if (name.startsWith("autoconfigure.")) {
			return WIRING;
		}
		return IntStream.range(0, LEVELS.size())
			.filter((level) -> LEVELS.get(level).contains(name))
			.findFirst()
			.orElse(-1);
	}

	private static String packageOf(JavaClass type) {
		String name = type.getBaseComponentType().getPackageName();
		return ROOT.equals(name) ? "" : name.substring(ROOT.length() + 1);
	}

	private static boolean isOurs(JavaClass type) {
		String name = type.getBaseComponentType().getPackageName();
		return ROOT.equals(name) || name.startsWith(ROOT + ".");
	}

	private static DescribedPredicate<JavaClass> residesIn(int level) {
		return DescribedPredicate.describe("reside in level " + level,
				(type) -> isOurs(type) && levelOf(packageOf(type)) == level);
	}

	private static DescribedPredicate<JavaClass> residesBelow(int level) {
		return DescribedPredicate.describe("reside below level " + level,
				(type) -> isOurs(type) && levelOf(packageOf(type)) < level);
	}

	private static SliceAssignment packages() {
		return new SliceAssignment() {

			@Override
			public SliceIdentifier getIdentifierOf(JavaClass type) {
				return isOurs(type) ? SliceIdentifier.of(type.getBaseComponentType().getPackageName())
						: SliceIdentifier.ignore();
			}

			@Override
			public String getDescription() {
				return "packages";
			}

		};
	}

	private static ArchCondition<JavaClass> haveALevel() {
		return new ArchCondition<>("be in a package that has a level") {

			@Override
			public void check(JavaClass type, ConditionEvents events) {
				if (levelOf(packageOf(type)) < 0) {
					events
						.add(SimpleConditionEvent.violated(type, type.getName() + " is in a package without a level"));
				}
			}

		};
	}

	private static ArchCondition<JavaClass> beInANullMarkedPackage() {
		return new ArchCondition<>("be in a @NullMarked package") {

			@Override
			public void check(JavaClass type, ConditionEvents events) {
				if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
					events.add(SimpleConditionEvent.violated(type,
							type.getName() + " is in a package that is not @NullMarked"));
				}
			}

		};
	}

	private static ArchCondition<JavaClass> importOnly(String description, ImportRule rule) {
		return new ArchCondition<>("import only " + description) {

			@Override
			public void check(JavaClass type, ConditionEvents events) {
				type.getDirectDependenciesFromSelf()
					.stream()
					.filter((dependency) -> isForbidden(type, dependency))
					.map((dependency) -> SimpleConditionEvent.violated(dependency, dependency.getDescription()))
					.forEach(events::add);
			}

			private boolean isForbidden(JavaClass type, Dependency dependency) {
				JavaClass target = dependency.getTargetClass();
				return isOurs(target) && !packageOf(type).equals(packageOf(target))
						&& !rule.allows(packageOf(type), packageOf(target));
			}

		};
	}

	private interface ImportRule {

		boolean allows(String from, String to);

	}

}
