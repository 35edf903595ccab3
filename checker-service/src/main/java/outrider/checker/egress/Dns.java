package outrider.checker.egress;

import java.io.EOFException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.stereotype.Component;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/// Asks a recursive resolver, over UDP and, where the answer does not fit, TCP.
///
/// The resolver is configuration, so it is dialled without asking the guard.
@Component
@EnableConfigurationProperties(DnsProperties.class)
public final class Dns {

    private static final int TRIES = 2;
    private static final int MAX_ALIASES = 8;

    static {
        // The library would stop as soon as the process is told to end, while scans are still being finished.
        System.setProperty("dnsjava.nio.register_shutdown_hook", "false");
    }

    private final List<SimpleResolver> resolvers;
    private final long patienceMillis;

    Dns(DnsProperties properties) {
        var servers = properties.resolver() == null
                ? ResolverConfig.getCurrentConfig().servers()
                : List.of(DnsProperties.address(properties.resolver()));
        this.resolvers =
                servers.stream().map(server -> resolver(server, properties)).toList();
        // The resolver keeps its own time, once over UDP and once over TCP; this is for the case that it does not.
        this.patienceMillis =
                properties.timeout().multipliedBy(2).plusSeconds(1).toMillis();
    }

    /// The answer, after at most eight aliases. Never an exception for what the DNS does.
    public DnsAnswer ask(DnsQuestion question) throws InterruptedException {
        Name name;
        try {
            name = Name.fromString(question.name(), Name.root);
        } catch (TextParseException e) {
            return new DnsAnswer.Failure("'%s' is no name that the DNS could hold".formatted(question.name()));
        }
        return ask(name, Type.value(question.type().name()), new ArrayList<>());
    }

    private DnsAnswer ask(Name name, int type, List<String> aliases) throws InterruptedException {
        return switch (exchange(Message.newQuery(Record.newRecord(name, type, DClass.IN)))) {
            case Exchanged.Not(var reason) -> failure(reason, name, type);
            case Exchanged.Refused(var reason, var code) -> failure(reason, name, type);
            case Exchanged.Answered(var message) -> follow(new DnsMessage(message), name, type, aliases);
        };
    }

    private static DnsAnswer failure(String reason, Name name, int type) {
        return new DnsAnswer.Failure("%s for %s %s".formatted(reason, DnsMessage.text(name), Type.string(type)));
    }

    /// Walks the aliases in one message, and asks again where it ends on the way.
    private DnsAnswer follow(DnsMessage message, Name asked, int type, List<String> aliases)
            throws InterruptedException {
        var name = asked;
        while (true) {
            var records = message.records(name, type);
            var alias = message.alias(name);
            if (!records.isEmpty() && alias.isPresent()) {
                return new DnsAnswer.Failure(
                        "%s is an alias and has %s records at once, which RFC 1034 (section 3.6.2) forbids: who asks may see either"
                                .formatted(DnsMessage.text(name), Type.string(type)));
            }
            if (!records.isEmpty()) {
                return new DnsAnswer.Records(aliases, records);
            }
            if (alias.isEmpty()) {
                break;
            }
            name = alias.get();
            if (aliases.size() == MAX_ALIASES) {
                return new DnsAnswer.Failure(
                        "%s leads through more than %d aliases".formatted(DnsMessage.text(asked), MAX_ALIASES));
            }
            aliases.add(DnsMessage.text(name));
        }
        if (message.deniesName()) {
            return new DnsAnswer.NoName(aliases);
        }
        if (!name.equals(asked) && !message.deniesType()) {
            return ask(name, type, aliases);
        }
        return message.isReferral()
                ? new DnsAnswer.Failure(
                        "the resolver does not resolve: it only referred to others for " + DnsMessage.text(name))
                : new DnsAnswer.NoData(aliases);
    }

    /// What came of one question to the resolver.
    sealed interface Exchanged {

        /// It answered, or said that the name does not exist.
        record Answered(Message message) implements Exchanged {}

        /// It could not or would not say.
        ///
        /// @param code of those of the DNS, such as SERVFAIL
        record Refused(String reason, int code) implements Exchanged {}

        record Not(String reason) implements Exchanged {}
    }

    /// Sends the query as it is, a second time where that fails.
    Exchanged exchange(Message query) throws InterruptedException {
        Exchanged failure = new Exchanged.Not("there is no resolver to ask");
        for (var attempt = 0; attempt < Math.max(TRIES, resolvers.size()) && !resolvers.isEmpty(); attempt++) {
            try {
                var answer = resolvers
                        .get(attempt % resolvers.size())
                        .sendAsync(query)
                        .toCompletableFuture()
                        .get(patienceMillis, TimeUnit.MILLISECONDS);
                var code = answer.getRcode();
                if (code == Rcode.NOERROR || code == Rcode.NXDOMAIN) {
                    return new Exchanged.Answered(answer);
                }
                failure = new Exchanged.Refused("the resolver answered " + Rcode.string(code), code);
            } catch (TimeoutException e) {
                failure = new Exchanged.Not("the resolver did not answer in time");
            } catch (ExecutionException e) {
                failure = new Exchanged.Not(reason(e));
            }
        }
        return failure;
    }

    private static String reason(ExecutionException e) {
        return switch (e.getCause()) {
            case SocketTimeoutException timeout -> "the resolver did not answer in time";
            case EOFException closed -> "the resolver closed the connection";
            case null, default -> "the resolver could not be asked (%s)".formatted(e.getMessage());
        };
    }

    private static SimpleResolver resolver(InetSocketAddress server, DnsProperties properties) {
        var resolver = new SimpleResolver(server);
        resolver.setTimeout(properties.timeout());
        return resolver;
    }
}
