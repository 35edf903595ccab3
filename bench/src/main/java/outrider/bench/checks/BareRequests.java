package outrider.bench.checks;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;
import outrider.bench.BenchException;
import outrider.scan.Endpoint;

/// The baseline: sends what a full scan sends, one after the other over plain sockets, and looks at no answer.
///
/// What the scan sends over one connection goes over one here. Connections on which the scan shakes no hands to the
/// end are made and closed here, which is less work than theirs. Each handshake is a full one, as a look at a
/// certificate must be.
final class BareRequests {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int PATIENCE_MILLIS = 10_000;

    private final InetSocketAddress resolver;
    private final Endpoint https;
    private final Endpoint http;
    private final List<byte[]> questions;
    private final List<byte[]> heads;
    private final List<byte[]> secureHeads;
    private final int bareHandshakes;
    private final int bareConnections;

    BareRequests(Requests requests, Addresses addresses) {
        var colon = addresses.resolver().lastIndexOf(':');
        resolver = new InetSocketAddress(
                addresses.resolver().substring(0, colon),
                Integer.parseInt(addresses.resolver().substring(colon + 1)));
        https = addresses.healthy().getFirst();
        http = addresses.healthy().getLast();
        questions = requests.questions().stream().map(BareRequests::query).toList();
        heads = requests.heads().stream().map(BareRequests::request).toList();
        secureHeads = requests.secureHeads().stream().map(BareRequests::request).toList();
        bareHandshakes = requests.handshakes() - 1;
        bareConnections = requests.connections() - requests.handshakes() - 1;
    }

    void send() throws IOException {
        ask();
        try (var socket = connect(http)) {
            exchange(socket, heads);
        }
        try (var socket = shake(connect(https))) {
            exchange(socket, secureHeads);
        }
        for (var i = 0; i < bareHandshakes; i++) {
            shake(connect(https)).close();
        }
        for (var i = 0; i < bareConnections; i++) {
            connect(https).close();
        }
    }

    private void ask() throws IOException {
        try (var socket = new DatagramSocket()) {
            socket.connect(resolver);
            socket.setSoTimeout(PATIENCE_MILLIS);
            var answer = new DatagramPacket(new byte[4096], 4096);
            for (var question : questions) {
                socket.send(new DatagramPacket(question, question.length));
                socket.receive(answer);
            }
        }
    }

    private static Socket connect(Endpoint endpoint) throws IOException {
        var socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), endpoint.port());
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    private SSLSocket shake(Socket plain) throws IOException {
        var socket = (SSLSocket) context().getSocketFactory().createSocket(plain, https.host(), https.port(), true);
        var parameters = socket.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(https.host())));
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private static void exchange(Socket socket, List<byte[]> requests) throws IOException {
        var out = socket.getOutputStream();
        var in = new BufferedInputStream(socket.getInputStream());
        for (var request : requests) {
            out.write(request);
            out.flush();
            in.skipNBytes(bodyLength(in));
        }
    }

    /// Reads the head of an answer and returns how long its body is.
    private static int bodyLength(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n", Math.max(0, head.length() - 4)) < 0) {
            var next = in.read();
            if (next < 0) {
                throw new EOFException("the server closed the connection");
            }
            head.append((char) next);
        }
        return head.toString()
                .lines()
                .filter(line -> line.startsWith("Content-Length: "))
                .mapToInt(line -> Integer.parseInt(line.substring(16)))
                .sum();
    }

    private static byte[] query(String question) {
        var words = question.split(" ");
        try {
            var record = Record.newRecord(Name.fromString(words[0]), Type.value(words[1]), DClass.IN);
            return Message.newQuery(record).toWire();
        } catch (IOException e) {
            throw new BenchException("no question: " + question, e);
        }
    }

    private static byte[] request(String head) {
        return (head + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    /// One for each handshake, so that none resumes another.
    private static SSLContext context() {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new TrustAnybody()}, RANDOM);
            return context;
        } catch (GeneralSecurityException e) {
            throw new BenchException("this JDK has no TLS", e);
        }
    }

    private static final class TrustAnybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
