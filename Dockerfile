# One image per service: docker build --build-arg MODULE=checker-service .
# The jars are built before the image (`make images`), so that the image needs no build tools and no registry but the base image's.
FROM eclipse-temurin:25-jre AS layers
ARG MODULE
WORKDIR /build
COPY ${MODULE}/target/${MODULE}-*-exec.jar app.jar
RUN java -Djarmode=tools -jar app.jar extract --layers --launcher=false --destination layers

FROM eclipse-temurin:25-jre
ARG MODULE
LABEL org.opencontainers.image.title="outrider-${MODULE}" \
      org.opencontainers.image.licenses="Apache-2.0"
WORKDIR /app
COPY --from=layers /build/layers/dependencies/ ./
COPY --from=layers /build/layers/spring-boot-loader/ ./
COPY --from=layers /build/layers/snapshot-dependencies/ ./
COPY --from=layers /build/layers/application/ ./
# A volume takes the owner of the directory it is mounted on.
RUN mkdir -p /keys/signing /keys/public /keys/checker && chown -R 10001:10001 /keys
USER 10001:10001
ENV JAVA_TOOL_OPTIONS="-XX:MaxRAMPercentage=70 -XX:+ExitOnOutOfMemoryError"
ENTRYPOINT ["java", "-jar", "app.jar"]
