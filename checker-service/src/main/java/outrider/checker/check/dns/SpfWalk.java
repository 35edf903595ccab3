package outrider.checker.check.dns;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import outrider.checker.check.dns.SpfRecord.SyntaxException;
import outrider.checker.check.dns.SpfRecord.Term;
import outrider.checker.egress.DnsAnswer;
import outrider.checker.egress.DnsQuestion;
import outrider.checker.egress.DnsQuestion.Type;

/// Goes through an SPF record and all it includes as a receiver does whose sender matches nothing, over the answers
/// known so far.
///
/// What it lacks it notes as a question; so the same walk first says what to ask and in the end what is wrong.
final class SpfWalk {

    /// The terms that may ask the DNS, and those of their answers that may be empty (RFC 7208, section 4.6.4).
    static final int MAX_LOOKUPS = 10;

    static final int MAX_VOIDS = 2;

    /// Where counting stops: no receiver comes this far.
    private static final int ENOUGH = 3 * MAX_LOOKUPS;

    private final DnsObservation seen;
    private final Deque<String> path = new ArrayDeque<>();
    private final Set<DnsQuestion> missing = new LinkedHashSet<>();
    private final List<String> failures = new ArrayList<>();
    private final Set<String> broken = new LinkedHashSet<>();
    private final Set<String> voids = new LinkedHashSet<>();
    private int lookups;
    private boolean passesEveryone;
    private boolean mysterious;
    private Optional<Character> ending = Optional.empty();

    private SpfWalk(DnsObservation seen) {
        this.seen = seen;
    }

    /// Walks from the domain's own record.
    static SpfWalk of(DnsObservation seen, SpfRecord record) {
        var walk = new SpfWalk(seen);
        walk.visit(seen.domain(), record, Role.OWN);
        return walk;
    }

    /// What has to be asked before the walk is whole.
    Set<DnsQuestion> missing() {
        return missing;
    }

    /// Why parts of it could not be looked at.
    List<String> failures() {
        return failures;
    }

    /// What makes a receiver give up on the whole record, other than the number of lookups.
    Set<String> broken() {
        return broken;
    }

    /// The terms that ask the DNS; where it is [#ENOUGH] there may be more.
    int lookups() {
        return lookups;
    }

    /// Names that terms lead to and that have nothing to give.
    Set<String> voids() {
        return voids;
    }

    /// Whether any sender passes.
    boolean passesEveryone() {
        return passesEveryone;
    }

    /// The qualifier of the `all` that a sender ends at whom nothing matched; empty if there is none.
    Optional<Character> ending() {
        return ending;
    }

    /// Whether the record redirects to a domain that only a receiver can tell, so that we do not see the end of it.
    boolean mysterious() {
        return mysterious;
    }

    /// Where a record stands in relation to the domain's own.
    private enum Role {
        /// It is the domain's own, or the one that redirects to.
        OWN,
        /// Who passes here passes there.
        INCLUDED,
        /// Its matches do not make a sender pass.
        ASIDE
    }

    private void visit(String domain, SpfRecord record, Role role) {
        path.push(domain);
        passesEveryone |= role != Role.ASIDE && record.passesEveryone();
        if (role == Role.OWN) {
            record.all().ifPresent(all -> ending = Optional.of(all.qualifier()));
        }
        for (var term : record.mechanisms()) {
            if (term.kind().asks() && lookups++ < ENOUGH) {
                follow(domain, term, role);
            }
        }
        record.redirect().ifPresent(redirect -> {
            if (lookups++ < ENOUGH) {
                visitTarget(redirect, role);
            }
        });
        path.pop();
    }

    private void follow(String domain, Term term, Role role) {
        var target = term.target().isEmpty() ? domain : term.target();
        switch (term.kind()) {
            case INCLUDE ->
                visitTarget(term, role != Role.ASIDE && term.qualifier() == '+' ? Role.INCLUDED : Role.ASIDE);
            case A -> noteVoid(target, Type.A, Type.AAAA);
            case MX -> noteVoid(target, Type.MX);
            case EXISTS -> noteVoid(target, Type.A);
            case PTR, ALL, IP4, IP6, REDIRECT, EXP, MODIFIER -> {}
        }
    }

    private void visitTarget(Term term, Role role) {
        if (term.hasMacros()) {
            mysterious |= role == Role.OWN;
        } else if (path.contains(term.target())) {
            broken.add("%s leads back to itself".formatted(term.target()));
        } else {
            var question = new DnsQuestion(term.target(), Type.TXT);
            seen.answer(question)
                    .ifPresentOrElse(answer -> visitAnswer(term.target(), answer, role), () -> missing.add(question));
        }
    }

    private void visitAnswer(String target, DnsAnswer answer, Role role) {
        if (answer instanceof DnsAnswer.Failure(var reason)) {
            failures.add(reason);
            return;
        }
        var claims = claims(answer);
        if (claims.size() != 1) {
            broken.add("%s has %s".formatted(target, claims.isEmpty() ? "no SPF record" : "several SPF records"));
            return;
        }
        try {
            visit(target, SpfRecord.parse(claims.getFirst()), role);
        } catch (SyntaxException e) {
            broken.add("the record of %s is malformed: %s".formatted(target, e.getMessage()));
        }
    }

    /// The texts of an answer that claim to be SPF.
    static List<String> claims(DnsAnswer answer) {
        return Texts.of(answer).filter(SpfRecord::claims).toList();
    }

    /// A lookup is void where the name has none of the types. Of a host with IPv6 alone it is not.
    private void noteVoid(String target, Type... types) {
        if (target.indexOf('%') >= 0) {
            return;
        }
        for (var type : types) {
            var question = new DnsQuestion(target, type);
            switch (seen.answer(question).orElse(null)) {
                case null -> {
                    missing.add(question);
                    return;
                }
                case DnsAnswer.Failure(var reason) -> {
                    failures.add(reason);
                    return;
                }
                case DnsAnswer.Records(var aliases, var records) -> {
                    if (type == Type.MX && records.size() > MAX_LOOKUPS) {
                        broken.add("%s has more than %d mail servers".formatted(target, MAX_LOOKUPS));
                    }
                    return;
                }
                case DnsAnswer.NoName none -> {
                    voids.add(target);
                    return;
                }
                case DnsAnswer.NoData none -> {}
            }
        }
        voids.add(target);
    }
}
