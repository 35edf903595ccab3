package outrider.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DelayingProxyTest {

    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    private ServerSocket echo;
    private DelayingProxy proxy;
    private Socket client;

    @BeforeEach
    void connect() throws IOException {
        echo = new ServerSocket(0, 10, LOOPBACK);
        Thread.ofVirtual().start(this::echo);
        proxy = DelayingProxy.to(echo.getLocalPort(), Duration.ofMillis(20));
        client = new Socket(LOOPBACK, proxy.port());
        client.setSoTimeout(10_000);
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        proxy.close();
        echo.close();
    }

    @Test
    void a_round_trip_takes_twice_the_delay() throws IOException {
        assertThat(roundTrip(1)).isBetween(Duration.ofMillis(40), Duration.ofSeconds(5));

        proxy.delay(Duration.ZERO);
        assertThat(roundTrip(1)).isLessThan(Duration.ofMillis(40));
    }

    @Test
    void much_takes_no_longer_than_little() throws IOException {
        assertThat(roundTrip(4_000_000)).isLessThan(Duration.ofSeconds(2)); // 245 chunks, were each to wait, take ten
    }

    @Test
    void a_stall_keeps_the_connection_and_what_is_on_its_way() throws IOException {
        client.setSoTimeout(100);
        proxy.stall();
        assertThatThrownBy(() -> roundTrip(1)).isInstanceOf(SocketTimeoutException.class);

        proxy.mend();
        client.setSoTimeout(10_000);
        assertThat(client.getInputStream().read()).isZero();
    }

    @Test
    void a_cut_ends_every_connection_until_it_is_mended() throws IOException {
        proxy.cut();
        assertThatThrownBy(() -> assertThat(client.getInputStream().read()).isNotNegative())
                .isInstanceOfAny(IOException.class, AssertionError.class);

        proxy.mend();
        client = new Socket(LOOPBACK, proxy.port());
        assertThat(roundTrip(1)).isPositive();
    }

    @Test
    void an_end_arrives_after_what_was_sent_before_it() throws IOException {
        client.getOutputStream().write(new byte[100]);
        client.shutdownOutput();

        assertThat(client.getInputStream().readAllBytes()).hasSize(100);
    }

    private Duration roundTrip(int bytes) throws IOException {
        var started = System.nanoTime();
        Thread.ofVirtual().start(() -> {
            try {
                client.getOutputStream().write(new byte[bytes]);
            } catch (IOException e) {
                // The reader hears of it.
            }
        });
        client.getInputStream().readNBytes(bytes);
        return Duration.ofNanos(System.nanoTime() - started);
    }

    private void echo() {
        while (true) {
            try {
                var socket = echo.accept();
                Thread.ofVirtual().start(() -> {
                    try (socket) {
                        socket.getInputStream().transferTo(socket.getOutputStream());
                    } catch (IOException e) {
                        // Cut.
                    }
                });
            } catch (IOException e) {
                return;
            }
        }
    }
}
