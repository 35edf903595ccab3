package outrider.checker.check.dns;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// An SPF record as its terms (RFC 7208, sections 4.6 and 12).
record SpfRecord(List<Term> terms) {

    private static final String VERSION = "v=spf1";

    SpfRecord {
        terms = List.copyOf(terms);
    }

    /// What a term is; `MODIFIER` is one that changes no result.
    enum Kind {
        ALL,
        INCLUDE,
        A,
        MX,
        PTR,
        IP4,
        IP6,
        EXISTS,
        REDIRECT,
        EXP,
        MODIFIER;

        private static final Set<Kind> NAMED_BY_RECEIVER = EnumSet.of(INCLUDE, A, MX, PTR, EXISTS, REDIRECT);

        /// Whether a receiver that meets the term asks the DNS, which counts against the limit of section 4.6.4.
        boolean asks() {
            return NAMED_BY_RECEIVER.contains(this);
        }
    }

    /// One mechanism or modifier.
    ///
    /// @param qualifier `+`, `-`, `~` or `?`
    /// @param target a domain in lower case, maybe with macros, or a network; empty where the term names none
    record Term(Kind kind, char qualifier, String target) {

        /// Whether only a receiver, who knows the sender, can tell which domain is meant.
        boolean hasMacros() {
            return target.indexOf('%') >= 0;
        }
    }

    /// A text that claims to be SPF and is not.
    static final class SyntaxException extends Exception {

        private static final long serialVersionUID = 1L;

        SyntaxException(String message) {
            super(message);
        }
    }

    /// Whether a TXT record is meant as SPF (section 4.5): the version, alone or before a space.
    static boolean claims(String text) {
        return text.regionMatches(true, 0, VERSION, 0, VERSION.length())
                && (text.length() == VERSION.length() || text.charAt(VERSION.length()) == ' ');
    }

    static SpfRecord parse(String text) throws SyntaxException {
        var terms = new ArrayList<Term>();
        for (var word : text.substring(VERSION.length()).split(" ")) {
            if (!word.isEmpty()) {
                terms.add(new SpfTermParser(word).parse());
            }
        }
        for (var kind : List.of(Kind.REDIRECT, Kind.EXP)) {
            if (terms.stream().filter(term -> term.kind() == kind).count() > 1) {
                throw new SyntaxException(
                        "%s= stands there twice".formatted(kind.name().toLowerCase(Locale.ROOT)));
            }
        }
        return new SpfRecord(terms);
    }

    /// The mechanisms that are looked at: those up to the first `all`, which itself is included.
    List<Term> mechanisms() {
        var mechanisms = new ArrayList<Term>();
        for (var term : terms) {
            if (term.kind().compareTo(Kind.REDIRECT) < 0) {
                mechanisms.add(term);
            }
            if (term.kind() == Kind.ALL) {
                break;
            }
        }
        return mechanisms;
    }

    /// The `all` mechanism, if there is one.
    Optional<Term> all() {
        return terms.stream().filter(term -> term.kind() == Kind.ALL).findFirst();
    }

    /// The `redirect=` modifier, which counts only where there is no `all` (section 6.1).
    Optional<Term> redirect() {
        return all().isPresent()
                ? Optional.empty()
                : terms.stream().filter(term -> term.kind() == Kind.REDIRECT).findFirst();
    }

    /// Whether this record by itself lets every sender pass.
    boolean passesEveryone() {
        return mechanisms().stream()
                .anyMatch(term -> term.qualifier() == '+'
                        && (term.kind() == Kind.ALL
                                || term.kind() == Kind.IP4 && term.target().endsWith("/0")));
    }
}
