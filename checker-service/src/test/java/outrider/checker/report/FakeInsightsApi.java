package outrider.checker.report;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.zip.GZIPInputStream;
import outrider.scan.ReportHeader;
import outrider.scan.ReportLine;
import outrider.scan.ReportOutcome;
import outrider.scan.Wire;

/// An insights API that answers as it is told, and remembers which scans came in which request.
public final class FakeInsightsApi implements AutoCloseable {

    private final HttpServer server;
    private final Queue<List<UUID>> requests = new ConcurrentLinkedQueue<>();
    private final Queue<ReportLine> lines = new ConcurrentLinkedQueue<>();
    private final Queue<String> tokens = new ConcurrentLinkedQueue<>();
    private final Queue<String> traceparents = new ConcurrentLinkedQueue<>();
    private final Queue<String> budgets = new ConcurrentLinkedQueue<>();
    private final Set<InetSocketAddress> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger probes = new AtomicInteger();
    private volatile int readiness = 200;
    private volatile Function<List<UUID>, Answer> behaviour = FakeInsightsApi::applied;

    /// One answer: a status, headers and a body.
    public record Answer(int status, Map<String, String> headers, String body) {}

    public FakeInsightsApi() throws IOException {
        this(0);
    }

    /// @param port 0: any
    FakeInsightsApi(int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v1/reports", this::handle);
        server.createContext("/actuator/health/readiness", this::tellReadiness);
        server.start();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /// The scans of each request so far.
    public List<List<UUID>> requests() {
        return List.copyOf(requests);
    }

    /// All lines of all requests so far.
    public List<ReportLine> lines() {
        return List.copyOf(lines);
    }

    /// The tokens that were shown.
    public List<String> tokens() {
        return List.copyOf(tokens);
    }

    /// The traces that the requests belonged to.
    public List<String> traceparents() {
        return List.copyOf(traceparents);
    }

    /// How long each request said that it would wait.
    List<String> budgets() {
        return List.copyOf(budgets);
    }

    /// From how many connections requests have come.
    int connections() {
        return connections.size();
    }

    /// How often its readiness was asked.
    public int probes() {
        return probes.get();
    }

    /// What it answers to that.
    public void ready(int status) {
        readiness = status;
    }

    private void tellReadiness(HttpExchange exchange) throws IOException {
        try (exchange) {
            probes.incrementAndGet();
            exchange.sendResponseHeaders(readiness, -1);
        }
    }

    public void answer(Function<List<UUID>, Answer> newBehaviour) {
        behaviour = newBehaviour;
    }

    public static Answer applied(List<UUID> scans) {
        return outcomes(scans, ReportOutcome.Kind.APPLIED);
    }

    public static Answer outcomes(List<UUID> scans, ReportOutcome.Kind kind) {
        var items = scans.stream()
                .map(scan -> new ReportOutcome(
                        scan, kind, ReportOutcome.Counts.NONE, kind == ReportOutcome.Kind.REJECTED ? "wrong" : null))
                .toList();
        return new Answer(200, Map.of(), new String(Wire.write(Map.of("items", items)), StandardCharsets.UTF_8));
    }

    public static Answer status(int status) {
        return new Answer(status, Map.of(), "{\"detail\":\"as told\"}");
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var received = new String(body(exchange).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> Wire.read(line.getBytes(StandardCharsets.UTF_8), ReportLine.class))
                    .toList();
            lines.addAll(received);
            var scans = received.stream()
                    .filter(ReportHeader.class::isInstance)
                    .map(line -> ((ReportHeader) line).scanId())
                    .toList();
            connections.add(exchange.getRemoteAddress());
            requests.add(scans);
            tokens.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            traceparents.add(String.valueOf(exchange.getRequestHeaders().getFirst("traceparent")));
            budgets.add(String.valueOf(exchange.getRequestHeaders().getFirst(Wire.BUDGET)));
            var answer = behaviour.apply(scans);
            answer.headers().forEach(exchange.getResponseHeaders()::add);
            var body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), body.length);
            exchange.getResponseBody().write(body);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static InputStream body(HttpExchange exchange) throws IOException {
        var sent = exchange.getRequestBody();
        return "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))
                ? new GZIPInputStream(sent)
                : sent;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
