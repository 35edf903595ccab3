package outrider.checker.report;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// HTTP exchanges under one deadline each, the body of the answer included.
///
/// The timeout of a [HttpRequest] ends with the head of the answer: a peer that vanishes after it, without a
/// reset, would be waited for without bound.
final class Exchanges {

    /// The longest answer that is read, in bytes.
    private static final long MAX_ANSWER = 8 << 20;

    private Exchanges() {}

    /// The whole answer.
    ///
    /// @param within from now to the last byte of the answer
    /// @throws IOException when there is no whole answer by then, or it is longer than is read
    static HttpResponse<byte[]> send(HttpClient http, HttpRequest request, Duration within)
            throws IOException, InterruptedException {
        var exchange = http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_ANSWER));
        try {
            return exchange.get(within.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new HttpTimeoutException("no whole answer within " + within);
        } catch (ExecutionException e) {
            // What is no trouble of the network may quote the request, and the request holds a token.
            var cause = e.getCause() == null ? e : e.getCause();
            throw cause instanceof IOException trouble
                    ? trouble
                    : new IOException(cause.getClass().getName());
        } finally {
            exchange.cancel(true);
        }
    }
}
