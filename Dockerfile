# One image per service: docker build --build-arg MODULE=checker-service .
# The jars are built before the image (`make images`), so that the image needs no build tools and no registry but the base image's.
FROM eclipse-temurin:25-jre AS layers
ARG MODULE
WORKDIR /build
COPY ${MODULE}/target/${MODULE}-*-exec.jar app.jar
RUN java -Djarmode=tools -jar app.jar extract --layers --application-filename app.jar --destination layers

FROM eclipse-temurin:25-jre
ARG MODULE
ARG VERSION=0.1.0-SNAPSHOT
LABEL org.opencontainers.image.title="outrider-${MODULE}" \
      org.opencontainers.image.description="Continuous security scanning for many domains and hosts: ${MODULE}" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.licenses="Apache-2.0"
WORKDIR /app
# One JSON object a line (Elastic Common Schema), with the ids of scan and trace; empty: lines for people.
ENV LOGGING_STRUCTURED_FORMAT_CONSOLE=ecs
COPY --from=layers /build/layers/dependencies/ ./
COPY --from=layers /build/layers/snapshot-dependencies/ ./
COPY --from=layers /build/layers/application/ ./
# A volume takes the owner of the directory it is mounted on.
RUN mkdir -p /checks /keys/signing /keys/public /keys/checker /keys/metrics /var/lib/outrider/reports \
    && chown -R 10001:10001 /keys /var/lib/outrider
# Compression for Kafka is a native library, and some libraries still use what newer JDKs warn of. Not JDK_JAVA_OPTIONS: that is the
# operator's.
ARG RUN_WITH="--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"
# The training run: the service starts as far as it can without a database and a broker, and what it has loaded and linked until then
# goes into the cache that every later start begins with. One that cannot be put together ends the build here.
RUN java -cp app.jar outrider.web.TokenTool init /tmp/keys \
    && java ${RUN_WITH} -XX:AOTCacheOutput=/app/app.aot -Xlog:aot=error -Dspring.context.exit=onRefresh -jar app.jar \
        --outrider.tokens.jwks=/tmp/keys/public/jwks.json --outrider.tokens.bearer=/tmp/keys/checker/checker.token \
        --spring.kafka.admin.auto-create=false --spring.flyway.enabled=false \
        --spring.datasource.hikari.initialization-fail-timeout=-1 --logging.level.root=error \
    && rm -rf /tmp/* && test -s app.aot
# Jars with checks of your own go into /checks.
ENV OUTRIDER_CHECKS_JARS=/checks
USER 10001:10001
# It is process 1 itself, so SIGTERM reaches it, and it leaves its lanes and its requests in order.
ENTRYPOINT ["java", "-XX:AOTCache=app.aot", "-XX:MaxRAMPercentage=70", "-XX:+ExitOnOutOfMemoryError", \
    "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-jar", "app.jar"]
