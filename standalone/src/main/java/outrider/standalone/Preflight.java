package outrider.standalone;

import java.net.InetAddress;
import java.net.UnknownHostException;

/// What is checked before anything is started.
final class Preflight {
    private Preflight() {}

    /// Makes sure that the directory is ours and the ports are free; a [CannotStartException] says what to do if not.
    static HomeLock check(Settings settings) {
        settings.home().prepare();
        var lock = HomeLock.take(settings.home());
        requireLocal(settings.address());
        for (var service : Service.values()) {
            if (!KeptPorts.isFree(settings.address(), settings.port(service))) {
                throw new CannotStartException(
                        "Port %d, which the %s needs, is taken by another program: stop that, or choose another port with %s=%d."
                                .formatted(
                                        settings.port(service),
                                        service.title(),
                                        service.portVariable(),
                                        settings.port(service) + 100));
            }
        }
        return lock;
    }

    private static void requireLocal(String address) {
        try {
            InetAddress.getByName(address);
        } catch (UnknownHostException e) {
            throw new CannotStartException(
                    "OUTRIDER_ADDRESS must be an address of this machine, such as 127.0.0.1 or 0.0.0.0, not '%s'."
                            .formatted(address),
                    e);
        }
    }
}
