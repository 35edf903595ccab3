# One image per service: docker build --build-arg MODULE=checker-service .
# The jars are built before the image (`make images`), so that the image needs no build tools and no registry but the base image's.
FROM eclipse-temurin:25-jre AS layers
ARG MODULE
WORKDIR /build
COPY ${MODULE}/target/${MODULE}-*-exec.jar app.jar
RUN java -Djarmode=tools -jar app.jar extract --layers --application-filename app.jar --destination layers

FROM eclipse-temurin:25-jre
ARG MODULE
LABEL org.opencontainers.image.title="outrider-${MODULE}" \
      org.opencontainers.image.licenses="Apache-2.0"
WORKDIR /app
# One JSON object a line (Elastic Common Schema), with the ids of scan and trace; empty: lines for people.
ENV LOGGING_STRUCTURED_FORMAT_CONSOLE=ecs
COPY --from=layers /build/layers/dependencies/ ./
COPY --from=layers /build/layers/snapshot-dependencies/ ./
COPY --from=layers /build/layers/application/ ./
# Jars with checks of your own go into /checks.
ENV OUTRIDER_CHECKS_JARS=/checks
# A volume takes the owner of the directory it is mounted on.
RUN mkdir -p /checks /keys/signing /keys/public /keys/checker /var/lib/outrider/reports && chown -R 10001:10001 /keys /var/lib/outrider
USER 10001:10001
# The last two: compression for Kafka is a native library, and some libraries still use what newer JDKs warn of.
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=70", "-XX:+ExitOnOutOfMemoryError", \
    "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-jar", "app.jar"]
