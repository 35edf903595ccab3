package outrider.checker.check.dns;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import outrider.checker.check.Problem;
import outrider.checker.check.PublicSuffixes;
import outrider.checker.check.Verdict;
import outrider.checker.egress.DnsAnswer;
import outrider.checker.egress.DnsQuestion;
import outrider.checker.egress.DnsQuestion.Type;
import outrider.checker.egress.Fetched;
import outrider.checker.egress.Literals;
import outrider.insight.CheckId;
import outrider.insight.Severity;

/// `dns.dangling-cname`: does the name's alias lead to something that a stranger cannot take over?
///
/// Never sure after one look: a registry or a provider may be having a bad minute.
final class DanglingCnameCheck implements DnsJudge {

    private static final CheckId ID = new CheckId("dns.dangling-cname");

    @Override
    public CheckId id() {
        return ID;
    }

    @Override
    public Set<DnsQuestion> asks(DnsObservation soFar) {
        var asks = new LinkedHashSet<>(Set.of(address(soFar)));
        if (soFar.answer(address(soFar)).orElse(null) instanceof DnsAnswer.NoName(var aliases) && !aliases.isEmpty()) {
            strangersDomain(soFar, aliases.getLast()).ifPresent(domain -> asks.add(servers(domain)));
        }
        return asks;
    }

    @Override
    public Optional<URI> fetches(DnsObservation soFar) {
        return soFar.answer(address(soFar)).orElse(null) instanceof DnsAnswer.Records(var aliases, var records)
                ? Provider.of(aliases, true).map(provider -> URI.create("http://%s/".formatted(soFar.domain())))
                : Optional.empty();
    }

    @Override
    public Verdict judge(DnsObservation seen) {
        return switch (seen.answer(address(seen)).orElseThrow()) {
            case DnsAnswer.Failure(var reason) -> new Verdict.CouldNotTell(reason);
            case DnsAnswer.NoName(var aliases)
            when aliases.isEmpty() -> new Verdict.NotApplicable("the name does not exist, so it leads nowhere");
            case DnsAnswer.NoName(var aliases) -> gone(seen, aliases);
            case DnsAnswer.NoData(var aliases) -> there(aliases);
            case DnsAnswer.Records(var aliases, var records) ->
                Provider.of(aliases, true)
                        .map(provider -> page(seen, aliases, provider))
                        .orElseGet(() -> there(aliases));
        };
    }

    private static Verdict there(List<String> aliases) {
        return aliases.isEmpty() ? new Verdict.NotApplicable("the name is no alias") : Verdict.pass();
    }

    /// The alias ends at a name that does not exist.
    private static Verdict gone(DnsObservation seen, List<String> aliases) {
        var target = aliases.getLast();
        if (Literals.address(target).isPresent()) {
            return new Verdict.NotApplicable("the alias leads to an address, which nobody can register as a name");
        }
        var provider = Provider.of(List.of(target), false);
        if (provider.isPresent()) {
            return suspect(
                    Problem.of("The alias leads to a name of %s that anybody can ask for"
                                    .formatted(provider.get().service()))
                            .detail("provider")
                            .severity(Severity.HIGH),
                    aliases);
        }
        if (isOwn(seen, target)) {
            return suspect(
                    Problem.of("The alias leads to a name of the same domain that does not exist")
                            .detail("own")
                            .severity(Severity.LOW),
                    aliases);
        }
        return strangers(seen, aliases, PublicSuffixes.registeredDomain(target));
    }

    /// The name that does not exist is in a domain of somebody else, or of nobody.
    private static Verdict strangers(DnsObservation seen, List<String> aliases, Optional<String> domain) {
        var servers = domain.map(name -> seen.answer(servers(name)).orElseThrow());
        if (servers.orElse(null) instanceof DnsAnswer.Failure(var reason)) {
            return new Verdict.CouldNotTell(reason);
        }
        return servers.orElse(null) instanceof DnsAnswer.NoName
                ? suspect(
                        Problem.of(
                                        "The alias leads into the domain %s, which does not exist: who registers it takes over"
                                                .formatted(domain.orElseThrow()))
                                .detail("unregistered")
                                .severity(Severity.HIGH),
                        aliases)
                : suspect(
                        Problem.of("The alias leads to a name that does not exist")
                                .detail("gone"),
                        aliases);
    }

    private static Verdict page(DnsObservation seen, List<String> aliases, Provider provider) {
        return switch (seen.page().orElseThrow()) {
            case Fetched.Failed(var url, var trouble) -> new Verdict.CouldNotTell(trouble.reason());
            case Fetched.Response response
            when shows(response, provider) ->
                suspect(
                        Problem.of("%s serves nothing for the name, so anybody can ask it to serve theirs"
                                        .formatted(provider.service()))
                                .detail("provider")
                                .severity(Severity.HIGH)
                                .saw("page", provider.page().orElseThrow()),
                        aliases);
            case Fetched.Response response
            when response.status() >= 500 || response.status() == 403 || response.status() == 429 ->
                new Verdict.CouldNotTell("%s answered with status %d, which says nothing of the page"
                        .formatted(response.url(), response.status()));
            case Fetched.Response response -> Verdict.pass();
        };
    }

    private static boolean shows(Fetched.Response response, Provider provider) {
        return new String(response.body(), StandardCharsets.UTF_8)
                .contains(provider.page().orElseThrow());
    }

    private static Verdict suspect(Problem problem, List<String> aliases) {
        return Verdict.fail(problem.tentative().saw("aliases", aliases));
    }

    /// The registered domain of a target that is neither the name's own nor a provider's.
    private static Optional<String> strangersDomain(DnsObservation seen, String target) {
        return isOwn(seen, target) || Provider.of(List.of(target), false).isPresent()
                ? Optional.empty()
                : PublicSuffixes.registeredDomain(target);
    }

    private static boolean isOwn(DnsObservation seen, String target) {
        var domain = PublicSuffixes.registeredDomain(target);
        return domain.isPresent() && domain.equals(PublicSuffixes.registeredDomain(seen.domain()));
    }

    private static DnsQuestion address(DnsObservation seen) {
        return new DnsQuestion(seen.domain(), Type.A);
    }

    private static DnsQuestion servers(String domain) {
        return new DnsQuestion(domain, Type.NS);
    }
}
