package outrider.insights.overview;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import outrider.scan.MalformedWireException;
import outrider.scan.Wire;
import outrider.trace.Traces;
import tools.jackson.core.JacksonException;

/// The other services, asked with a caller's own token, so that nobody sees more by way of us than without.
@Component
final class Neighbours implements AutoCloseable {

    private static final int LONGEST_ERROR = 300;

    private final HttpClient http;
    private final OverviewProperties properties;

    Neighbours(OverviewProperties properties) {
        this.properties = properties;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(properties.overview().timeout())
                .build();
    }

    /// Why there is no answer, in words fit for the operator.
    static final class NoAnswerException extends IOException {

        private static final long serialVersionUID = 1L;

        NoAnswerException(String why) {
            super(why);
        }
    }

    /// Whose question it is.
    ///
    /// @param authorization the header that the caller sent
    /// @param traceparent of the caller's request
    record Errand(String authorization, @Nullable String traceparent) {}

    URI scheduler() {
        return properties.scheduler().url();
    }

    /// Every replica of the checkers: those that a name leads to are told apart by their addresses. A certificate
    /// is for the name, so behind `https` it is asked as it is; and this machine is one replica however it is
    /// called.
    List<URI> checkers() {
        return properties.checker().url().stream()
                .flatMap(Neighbours::replicas)
                .distinct()
                .toList();
    }

    private static Stream<URI> replicas(URI service) {
        try {
            var addresses = InetAddress.getAllByName(service.getHost());
            var ipv4 =
                    Stream.of(addresses).filter(Inet4Address.class::isInstance).toList();
            if (!"http".equals(service.getScheme()) || addresses[0].isLoopbackAddress() || ipv4.size() < 2) {
                return Stream.of(service);
            }
            return ipv4.stream()
                    .map(address -> URI.create("http://%s:%d"
                            .formatted(address.getHostAddress(), service.getPort() < 0 ? 80 : service.getPort())));
        } catch (UnknownHostException e) {
            return Stream.of(service); // and asking it will say so
        }
    }

    /// Asks; fails with a reason when there is no proper answer in time.
    <T> CompletableFuture<T> ask(URI question, Class<T> type, Errand errand) {
        var timeout = properties.overview().timeout();
        var request = HttpRequest.newBuilder(question).timeout(timeout).header("Authorization", errand.authorization());
        if (errand.traceparent() != null) {
            request.header(Traces.TRACEPARENT, errand.traceparent());
        }
        return http.sendAsync(request.build(), BodyHandlers.ofByteArray())
                .thenCompose(answer -> read(answer, type))
                .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static <T> CompletableFuture<T> read(HttpResponse<byte[]> answer, Class<T> type) {
        if (answer.statusCode() != 200) {
            return CompletableFuture.failedFuture(
                    new NoAnswerException("answered %d%s".formatted(answer.statusCode(), detail(answer.body()))));
        }
        try {
            return CompletableFuture.completedFuture(Wire.read(answer.body(), type));
        } catch (MalformedWireException e) {
            return CompletableFuture.failedFuture(
                    new NoAnswerException("answered what cannot be read: " + e.getMessage()));
        }
    }

    private static String detail(byte[] problem) {
        try {
            var detail = Wire.JSON.readTree(problem).path("detail").asString("");
            return detail.isEmpty() ? "" : ": " + detail.substring(0, Math.min(LONGEST_ERROR, detail.length()));
        } catch (JacksonException e) {
            return "";
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
