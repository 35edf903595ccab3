package outrider.insights.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import outrider.insights.TestApi;

/// Senders that stall, trickle or break off, and what they cost the others.
class StalledBodyTest extends ReplicaBehindProxy {

    @Test
    void bodies_that_stall_hold_no_connection_and_are_given_up() throws IOException {
        var stalled = new ArrayList<Socket>();
        for (var i = 0; i < 20; i++) {
            stalled.add(begin(report()));
        }

        assertThat(send(report()).status()).isEqualTo(200);
        assertThat(usedByReports()).isZero();
        for (var socket : stalled) {
            assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                    .startsWith("HTTP/1.1 408");
            socket.close();
        }
    }

    @Test
    void a_large_body_that_stalls_gives_its_slot_back() throws IOException {
        var socket = begin(large());
        await().untilAsserted(() -> assertThat(leased()).isOne());

        assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8)).startsWith("HTTP/1.1 408");

        socket.close();
        await().untilAsserted(() -> assertThat(leased()).isZero());
        assertThat(scope.states()).isEmpty();
    }

    /// More of them than there are connections for large reports.
    @Test
    void large_bodies_that_break_off_give_slots_and_connections_back() throws IOException {
        for (var i = 0; i < 5; i++) {
            var socket = begin(large());
            await().untilAsserted(() -> assertThat(leased()).isOne());
            socket.close();
            await().untilAsserted(() -> assertThat(leased()).isZero());
        }

        assertThat(send(large()).status()).isEqualTo(200);
        assertThat(scope.states()).hasSize(1_500);
    }

    @Test
    void a_body_that_trickles_is_given_up() throws IOException {
        var socket = begin(report());
        try (var trickle = Executors.newSingleThreadScheduledExecutor()) {
            var drops = trickle.scheduleAtFixedRate(() -> write(socket, " "), 0, 50, TimeUnit.MILLISECONDS);

            var answer = new String(socket.getInputStream().readAllBytes(), UTF_8);

            assertThat(answer).startsWith("HTTP/1.1 408").contains("too-slow", "Server-Timing");
            drops.cancel(true);
        }
        socket.close();
        assertThat(scope.states()).isEmpty();
    }

    @Test
    void a_refused_body_that_trickles_on_is_not_listened_to_for_long() throws IOException {
        var socket = begin("nonsense\n");
        try (var trickle = Executors.newSingleThreadScheduledExecutor()) {
            var drops = trickle.scheduleAtFixedRate(() -> write(socket, " "), 0, 50, TimeUnit.MILLISECONDS);

            var answer = new String(socket.getInputStream().readAllBytes(), UTF_8);

            assertThat(answer).startsWith("HTTP/1.1 400");
            drops.cancel(true);
        }
        socket.close();
    }

    @Test
    void a_body_that_breaks_off_leaves_nothing_behind() throws IOException {
        begin(report()).close();

        assertThat(send(report()).status()).isEqualTo(200);
        await().until(() -> usedByReports() == 0);
        assertThat(scope.states()).hasSize(1);
    }

    /// Sends the beginning of a longer body.
    private static Socket begin(String part) throws IOException {
        var socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), TestApi.port(replica));
        socket.setSoTimeout(20_000);
        write(
                socket,
                "POST /v1/reports HTTP/1.1\r\nHost: api\r\nAuthorization: Bearer %s\r\nContent-Type: application/x-ndjson\r\nContent-Length: 1000000\r\n\r\n%s"
                        .formatted(TestApi.token(null), part));
        return socket;
    }

    private static void write(Socket socket, String text) {
        try {
            socket.getOutputStream().write(text.getBytes(UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException("the other side has closed it", e); // ends the trickle
        }
    }
}
