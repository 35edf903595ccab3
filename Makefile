# The doors of the project. They need a JDK 25, which bin/java-home finds also where `java` is an older one.
export JAVA_HOME := $(shell bin/java-home 2>/dev/null)
ifeq ($(JAVA_HOME),)
$(error $(patsubst %.,%,$(shell bin/java-home 2>&1)))
endif
# Maven and Kafka use what newer JDKs warn of.
ALLOW = --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED
export MAVEN_OPTS := $(ALLOW) $(MAVEN_OPTS)
JAVA = $(JAVA_HOME)/bin/java $(ALLOW)

MVN = ./mvnw -B -ntp
PACKAGE = $(MVN) -q -Dmaven.test.skip=true -Dspotless.check.skip=true package
SOURCES := $(shell find pom.xml */pom.xml */src/main -type f)
OUTRIDER = standalone/target/outrider.jar
export OUTRIDER_HOME ?= data

# What `make test-upgrade` upgrades from; by default the last release.
FROM ?= $(shell git describe --tags --abbrev=0 --match 'v[0-9]*' HEAD^ 2>/dev/null)

.PHONY: run demo-fix test test-containers test-upgrade soak bench docs fmt up down images token clean

# Everything on this machine, in the foreground. DEMO=1 adds a weak site and scans it; JAVA_OPTS goes to the JVM.
run: $(OUTRIDER)
	@exec $(JAVA) -Xmx1g $(JAVA_OPTS) -jar $(OUTRIDER) $(if $(filter-out 0 no false,$(DEMO)),--demo)

# Mends the site of a running demo and scans it again. ONLY="dns.spf tls.chain" mends just that.
demo-fix: $(OUTRIDER)
	@$(JAVA) -cp $(OUTRIDER) outrider.standalone.demo.DemoFix $(ONLY)

$(OUTRIDER): $(SOURCES)
	@echo "Building Outrider; the first time takes a few minutes."
	@$(PACKAGE) -pl standalone -am
	@touch $@

# Every test that takes no more than seconds.
test:
	@$(MVN) verify

# The fleet in containers, for real: built, scaled, killed, upgraded. Says so and does nothing where no Docker engine answers.
test-containers:
	@docker compose version >/dev/null 2>&1 && docker info >/dev/null 2>&1 || { echo "Skipped: no Docker engine with Compose answers here."; exit 0; }; \
	$(MAKE) images && $(MVN) -Dtest.groups=containers -Dtest.excludedGroups=soak -Dtest.timeout='20 m' -Dsurefire.failIfNoSpecifiedTests=false \
		-Dspotless.check.skip=true -pl standalone -am verify

# The fleet of another release or git revision, FROM=<revision>, upgraded to this one service by service under load, and back. The
# other one is built below target/upgrade.
test-upgrade:
	@test -n "$(FROM)" || { echo "There is no release yet to upgrade from. Name a revision: make test-upgrade FROM=<git revision>" >&2; exit 1; }
	@from=$$(bin/build-revision "$(FROM)") && $(MVN) -Dtest.groups=upgrade -Dtest.excludedGroups=soak -Dtest.timeout='20 m' -Dtest.jvm.timeout.seconds=3600 \
		-Dtest=UpgradeTest -Dsurefire.failIfNoSpecifiedTests=false -Doutrider.upgrade.from="$$from" -pl standalone -am package

# The long tests, and only those.
soak:
	@$(MVN) verify -Dtest.groups=soak -Dtest.excludedGroups=containers -Dtest.timeout='60 m' -Dtest.jvm.timeout.seconds=10800

# One benchmark: SUITE=lanes|write|checks|schedule|fleet, with FULL=1 for all its cells. A heap that grows while an arm runs would be
# measured with it, so it has its whole size from the start.
bench:
	@test -d bench || { echo "There are no benchmarks here yet." >&2; exit 1; }
	@$(PACKAGE) -pl bench -am
	@$(JAVA) -Xms2g -Xmx2g -XX:+AlwaysPreTouch $(JAVA_OPTS) -jar bench/target/bench.jar $(SUITE)

# What is made from something else: docs/CHECKS.md from the catalogue of checks, docs/configuration.md from the settings, the rules
# and dashboards in the manifests from observability/. A test fails while one is out of date.
docs:
	@$(MVN) -q -Dspotless.check.skip=true -pl standalone -am -Dtest='CheckPageTest,ConfigurationPageTest,ObservabilityManifestsTest' \
		-Dsurefire.failIfNoSpecifiedTests=false -Doutrider.docs.write=true test

fmt:
	@$(MVN) -q spotless:apply

# The fleet in containers, in the shape of a deployment.
up: images
	docker compose up --detach --wait

down:
	docker compose down

images:
	@$(PACKAGE)
	docker compose build

# The operator's token of the fleet in containers.
token:
	@docker compose run --rm --no-deps --entrypoint cat keys /keys/signing/admin.token

clean:
	@$(MVN) -q clean
