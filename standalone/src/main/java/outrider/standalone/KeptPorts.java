package outrider.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import outrider.embedded.FreePort;

/// Ports of 127.0.0.1 that were chosen once and stay the same from run to run, as long as nobody else takes them.
public final class KeptPorts {
    private final Path file;
    private final Properties ports = new Properties();

    /// Reads the file where it exists.
    public KeptPorts(Path file) {
        this.file = file;
        if (Files.exists(file)) {
            try (var reader = Files.newBufferedReader(file)) {
                ports.load(reader);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /// The port kept under that name: as before if it is free, else the wanted one, else any free one.
    public synchronized int of(String name, int wanted) {
        var kept = Integer.parseInt(ports.getProperty(name, Integer.toString(wanted)));
        var port = isFree("127.0.0.1", kept) ? kept : isFree("127.0.0.1", wanted) ? wanted : FreePort.find();
        ports.setProperty(name, Integer.toString(port));
        try (var writer = Files.newBufferedWriter(file)) {
            ports.store(writer, "Ports of 127.0.0.1 that stay the same from run to run");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return port;
    }

    /// The port kept under that name; an [IllegalArgumentException] when there is none yet.
    public int kept(String name) {
        var port = ports.getProperty(name);
        if (port == null) {
            throw new IllegalArgumentException(
                    "Nothing has been started in %s yet: run make run DEMO=1 first.".formatted(file.getParent()));
        }
        return Integer.parseInt(port);
    }

    /// Whether nobody listens on the port of that local address.
    static boolean isFree(String address, int port) {
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getByName(address), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
