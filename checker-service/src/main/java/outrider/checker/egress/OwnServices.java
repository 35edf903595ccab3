package outrider.checker.egress;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/// What belongs to this installation and is never dialled for anybody: the services we are told to use, the ports we
/// listen on, and the cluster we run in.
///
/// Our services are known by names of our own configuration. They are resolved as whoever connects to them does, by
/// the platform, and again every half minute.
@Component
final class OwnServices {

    private static final Logger LOG = LoggerFactory.getLogger(OwnServices.class);
    private static final long FRESH_NANOS = Duration.ofSeconds(30).toNanos();

    private static final List<String> PORTS =
            List.of("server.port", "local.server.port", "management.server.port", "local.management.port");

    private final Environment environment;
    private final Set<ServiceAddress> services;
    private final List<IpRange> cluster;
    private final ReentrantLock refreshing = new ReentrantLock();
    private volatile Known known;

    OwnServices(EgressProperties properties, Environment environment) {
        this.environment = environment;
        this.services = configured(properties, environment);
        this.cluster = cluster(properties, environment);
        this.known = look(Set.of());
    }

    /// Why that port of the address is ours, as a name to put after "is"; empty if it is not.
    Optional<String> refusal(InetAddress address, int port) {
        var now = fresh();
        if (now.isHere(address)
                && (now.ports().contains(port) || ports(environment).anyMatch(own -> own == port))) {
            return Optional.of("where Outrider itself listens on port %d".formatted(port));
        }
        if (now.elsewhere().contains(new Dialled(address, port))) {
            return Optional.of("where a service that Outrider uses listens on port %d".formatted(port));
        }
        return cluster.stream()
                .filter(range -> range.contains(address))
                .findFirst()
                .map(range -> "in %s, the cluster Outrider runs in".formatted(range));
    }

    private record Dialled(InetAddress address, int port) {}

    /// @param here the addresses of this machine
    /// @param ports those of our services that are on this machine, whichever of its addresses they listen on
    /// @param elsewhere the addresses of the others
    private record Known(Set<InetAddress> here, Set<Integer> ports, Set<Dialled> elsewhere, long at) {

        boolean isHere(InetAddress address) {
            // To this machine, "any address" is itself.
            return address.isLoopbackAddress() || address.isAnyLocalAddress() || here.contains(address);
        }
    }

    private Known fresh() {
        var last = known;
        if (System.nanoTime() - last.at() < FRESH_NANOS || !refreshing.tryLock()) {
            return last;
        }
        try {
            known = look(last.elsewhere());
            return known;
        } finally {
            refreshing.unlock();
        }
    }

    /// @param before what to go on with where a name does not resolve just now
    private Known look(Set<Dialled> before) {
        var here = addressesHere();
        var bare = new Known(here, Set.of(), Set.of(), 0);
        var ports = new HashSet<Integer>();
        var elsewhere = new HashSet<Dialled>();
        for (var service : services) {
            try {
                for (var address : InetAddress.getAllByName(service.host())) {
                    if (bare.isHere(address)) {
                        ports.add(service.port());
                    } else {
                        elsewhere.add(new Dialled(address, service.port()));
                    }
                }
            } catch (UnknownHostException e) {
                LOG.warn(
                        "The egress guard cannot tell where our own service {} is: its name does not resolve", service);
                elsewhere.addAll(before);
            }
        }
        return new Known(here, ports, elsewhere, System.nanoTime());
    }

    private static Set<InetAddress> addressesHere() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .map(OwnServices::withoutScope)
                    .collect(Collectors.toUnmodifiableSet());
        } catch (SocketException e) {
            LOG.warn("The egress guard cannot list the addresses of this machine", e);
            return Set.of();
        }
    }

    private static InetAddress withoutScope(InetAddress address) {
        try {
            return InetAddress.getByAddress(address.getAddress());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("The bytes of an address are an address", e);
        }
    }

    /// Read each time: a port that the system chose is known only once the server listens.
    private static Stream<Integer> ports(Environment environment) {
        return PORTS.stream()
                .map(name -> environment.getProperty(name, Integer.class))
                .flatMap(Stream::ofNullable);
    }

    private static Set<ServiceAddress> configured(EgressProperties properties, Environment environment) {
        var binder = Binder.get(environment);
        var brokers = binder.bind("spring.kafka.bootstrap-servers", Bindable.listOf(String.class))
                .orElse(List.of());
        var insights = binder.bind("outrider.insights.url", Bindable.listOf(String.class))
                .orElse(List.of("http://127.0.0.1:8080"));
        var others = Stream.of(
                        environment.getProperty("outrider.scheduler.url", "http://127.0.0.1:8081"),
                        environment.getProperty("management.opentelemetry.tracing.export.otlp.endpoint"))
                .flatMap(Stream::ofNullable);
        return Stream.of(properties.own().stream(), brokers.stream(), insights.stream(), others)
                .flatMap(texts -> texts)
                .filter(text -> !text.isBlank())
                .map(ServiceAddress::of)
                .collect(Collectors.toUnmodifiableSet());
    }

    private static List<IpRange> cluster(EgressProperties properties, Environment environment) {
        @Nullable String master = environment.getProperty("KUBERNETES_SERVICE_HOST");
        return master == null || master.isBlank()
                ? properties.cluster()
                : Stream.concat(properties.cluster().stream(), Stream.of(IpRange.of(master.strip())))
                        .toList();
    }
}
