package outrider.embedded.site;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// A DNS server on 127.0.0.1, over UDP and TCP, that knows the zones it is given and fails where it is told to;
/// everything may change while it runs.
public final class LoopbackDns implements AutoCloseable {
    /// How a question can go wrong.
    public enum Failure {
        SERVFAIL,
        /// SERVFAIL unless the question forbids validation, as from a resolver that has found a wrong signature.
        BOGUS,
        REFUSED,
        /// No answer at all.
        TIMEOUT,
        /// An empty, truncated answer over UDP, the whole one over TCP.
        TRUNCATE
    }

    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final int MAX_UDP = 65_535;
    private static final int MAX_REMEMBERED = 1000;
    private static final int ATTEMPTS = 20;

    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final ZoneBook zones = new ZoneBook();
    private final Queue<String> questions = new ConcurrentLinkedQueue<>();

    private LoopbackDns(DatagramSocket udp, ServerSocket tcp) {
        this.udp = udp;
        this.tcp = tcp;
        Thread.ofVirtual().name("dns-udp").start(this::serveUdp);
        Thread.ofVirtual().name("dns-tcp").start(this::acceptTcp);
    }

    /// Starts a server without zones; port 0 means one that is free for both UDP and TCP.
    public static LoopbackDns start(int port) {
        return start(LOOPBACK, port);
    }

    /// Starts a server without zones on that address of this machine.
    public static LoopbackDns start(InetAddress address, int port) {
        for (var attempt = 1; ; attempt++) {
            try {
                var tcp = new ServerSocket(port, 100, address);
                try {
                    return new LoopbackDns(new DatagramSocket(tcp.getLocalPort(), address), tcp);
                } catch (IOException e) {
                    tcp.close();
                    if (port != 0 || attempt == ATTEMPTS || !(e instanceof BindException)) {
                        throw e;
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(
                        "cannot serve DNS on port %d of %s".formatted(port, address.getHostAddress()), e);
            }
        }
    }

    public int port() {
        return tcp.getLocalPort();
    }

    /// Host and port, as resolvers are configured: `127.0.0.1:5353`.
    public String address() {
        return "127.0.0.1:" + port();
    }

    /// Sets or replaces a zone.
    ///
    /// @param origin the zone's name; `.` answers for every name that no other zone has
    /// @param records lines of a zone file (RFC 1035, section 5), names relative to the origin;
    ///     SOA and NS are made up where missing
    public LoopbackDns zone(String origin, String records) {
        zones.set(origin, records, null);
        return this;
    }

    /// Sets or replaces a zone that is signed with the key, which goes into the zone; its DS record does not go into
    /// any parent. Signatures come with answers to those who ask for them.
    public LoopbackDns zone(String origin, String records, ZoneKey key) {
        zones.set(origin, records, key);
        return this;
    }

    /// Claims, as a validating resolver does, to have validated what it answers about any name but those in these
    /// zones.
    public LoopbackDns vouchExcept(String... origins) {
        zones.vouchExcept(List.of(origins));
        return this;
    }

    /// Makes every question for this name fail; `*.example.test` are all names below that one.
    public LoopbackDns fail(String name, Failure failure) {
        return fail(name, null, failure);
    }

    /// Makes questions for this name and type (such as `CAA`) fail.
    public LoopbackDns fail(String name, @Nullable String type, Failure failure) {
        zones.fail(name, type, failure);
        return this;
    }

    /// Passes questions about names of no zone on to another resolver, `host:port`; without one they are refused.
    public LoopbackDns forward(String resolver) {
        zones.forward(resolver);
        return this;
    }

    /// Ends all failures.
    public LoopbackDns heal() {
        zones.heal();
        return this;
    }

    /// The questions so far, oldest first, as `www.example.test. A`; the first thousand.
    public List<String> questions() {
        return List.copyOf(questions);
    }

    @Override
    public void close() {
        udp.close();
        try {
            tcp.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serveUdp() {
        var buffer = new byte[MAX_UDP];
        while (!udp.isClosed()) {
            try {
                var packet = new DatagramPacket(buffer, buffer.length);
                udp.receive(packet);
                var query = Arrays.copyOf(packet.getData(), packet.getLength());
                var client = packet.getSocketAddress();
                Thread.ofVirtual().start(() -> answerUdp(query, client));
            } catch (IOException e) {
                // Closed.
            }
        }
    }

    private void answerUdp(byte[] bytes, SocketAddress client) {
        try {
            var query = new Message(bytes);
            var answer = answer(query, false);
            if (answer != null) {
                var room = query.getOPT() == null ? 512 : query.getOPT().getPayloadSize();
                var wire = answer.toWire(room);
                udp.send(new DatagramPacket(wire, wire.length, client));
            }
        } catch (IOException e) {
            // Closed meanwhile, or a packet that is no DNS message.
        }
    }

    private void acceptTcp() {
        while (!tcp.isClosed()) {
            try {
                var socket = tcp.accept();
                Thread.ofVirtual().start(() -> serveTcp(socket));
            } catch (IOException e) {
                // Closed, or a client that left before it was taken.
            }
        }
    }

    private void serveTcp(Socket socket) {
        try (socket) {
            var in = new DataInputStream(socket.getInputStream());
            var out = new DataOutputStream(socket.getOutputStream());
            while (true) {
                var answer = answer(new Message(in.readNBytes(in.readUnsignedShort())), true);
                if (answer == null) {
                    continue;
                }
                var bytes = answer.toWire(MAX_UDP);
                out.writeShort(bytes.length);
                out.write(bytes);
                out.flush();
            }
        } catch (IOException e) {
            // The client is done, or sent no DNS message.
        }
    }

    private @Nullable Message answer(Message query, boolean overTcp) {
        var question = query.getQuestion();
        if (question == null || query.getHeader().getFlag(Flags.QR)) {
            return null;
        }
        if (questions.size() < MAX_REMEMBERED) {
            questions.add(question.getName() + " " + Type.string(question.getType()));
        }
        var answer = new Message(query.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.getHeader().setFlag(Flags.RA);
        if (query.getHeader().getFlag(Flags.RD)) {
            answer.getHeader().setFlag(Flags.RD);
        }
        answer.addRecord(question, Section.QUESTION);
        if (query.getOPT() != null) {
            answer.addRecord(new OPTRecord(1232, 0, 0, query.getOPT().getFlags()), Section.ADDITIONAL);
        }
        var signatures = query.getOPT() != null && (query.getOPT().getFlags() & ExtendedFlags.DO) != 0;
        var unchecked = query.getHeader().getFlag(Flags.CD);
        return zones.fill(answer, new ZoneBook.Asked(question, overTcp, signatures, unchecked)) ? answer : null;
    }
}
