package outrider.checker.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// A DNS server on 127.0.0.1 that says something else about every name each time it is asked, as an attacker's does.
final class RebindingDns implements AutoCloseable {

    private final DatagramSocket socket;
    private final List<InetAddress> addresses;
    private final AtomicInteger asked = new AtomicInteger();

    /// @param addresses its answers in turn; the last one for good
    RebindingDns(String... addresses) {
        this.addresses = Arrays.stream(addresses).map(InetAddress::ofLiteral).toList();
        try {
            socket = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::serve);
    }

    String address() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    /// How often it was asked for an IPv4 address.
    int asked() {
        return asked.get();
    }

    @Override
    public void close() {
        socket.close();
    }

    private void serve() {
        while (!socket.isClosed()) {
            try {
                var packet = new DatagramPacket(new byte[512], 512);
                socket.receive(packet);
                var bytes = answer(new Message(Arrays.copyOf(packet.getData(), packet.getLength())))
                        .toWire();
                socket.send(new DatagramPacket(bytes, bytes.length, packet.getSocketAddress()));
            } catch (IOException e) {
                // Closed.
            }
        }
    }

    private Message answer(Message query) {
        var question = query.getQuestion();
        var answer = new Message(query.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.getHeader().setFlag(Flags.RA);
        answer.addRecord(question, Section.QUESTION);
        if (question.getType() == Type.A) {
            var address = addresses.get(Math.min(asked.getAndIncrement(), addresses.size() - 1));
            answer.addRecord(new ARecord(question.getName(), DClass.IN, 0, address), Section.ANSWER);
        }
        return answer;
    }
}
