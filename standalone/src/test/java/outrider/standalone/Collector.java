package outrider.standalone;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// An OpenTelemetry collector that keeps the spans it is sent over HTTP.
final class Collector implements AutoCloseable {

    private final HttpServer server;
    private final Queue<Seen> seen = new ConcurrentLinkedQueue<>();

    /// One span.
    ///
    /// @param service the name of the service that sent it
    record Seen(String service, String name, String trace, String id, String parent) {}

    Collector() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/traces", this::take);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:%d/v1/traces".formatted(server.getAddress().getPort());
    }

    List<Seen> spans() {
        return List.copyOf(seen);
    }

    /// For each span of that name in the trace, the way that led there.
    List<String> ways(String trace, String name) {
        var spans = seen.stream()
                .filter(span -> span.trace().equals(trace))
                .collect(Collectors.toMap(Seen::id, span -> span));
        return spans.values().stream()
                .filter(span -> span.name().equals(name))
                .map(end -> Stream.iterate(end, span -> span != null, span -> spans.get(span.parent()))
                        .map(span -> span.service() + ": " + span.name())
                        .toList()
                        .reversed())
                .map(way -> String.join(", ", way))
                .toList();
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            var request = ExportTraceServiceRequest.parseFrom(exchange.getRequestBody());
            for (var resource : request.getResourceSpansList()) {
                var service = service(resource.getResource());
                resource.getScopeSpansList().stream()
                        .flatMap(scope -> scope.getSpansList().stream())
                        .forEach(span -> seen.add(seen(service, span)));
            }
            exchange.sendResponseHeaders(200, -1);
        }
    }

    private static Seen seen(String service, Span span) {
        return new Seen(
                service, span.getName(), hex(span.getTraceId()), hex(span.getSpanId()), hex(span.getParentSpanId()));
    }

    private static String service(Resource resource) {
        return resource.getAttributesList().stream()
                .filter(attribute -> attribute.getKey().equals("service.name"))
                .map(attribute -> attribute.getValue().getStringValue())
                .findFirst()
                .orElse("");
    }

    private static String hex(ByteString bytes) {
        return HexFormat.of().formatHex(bytes.toByteArray());
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
