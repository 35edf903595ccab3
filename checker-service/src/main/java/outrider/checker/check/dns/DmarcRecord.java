package outrider.checker.check.dns;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// A DMARC record as its tags (RFC 7489, sections 6.3 and 6.4). What is unknown or malformed behind the version is
/// ignored, as receivers do.
record DmarcRecord(Map<String, String> tags) {

    private static final Pattern VERSION = Pattern.compile("[vV][ \\t]*=[ \\t]*DMARC1[ \\t]*(;.*)?", Pattern.DOTALL);
    private static final int MAX_REPORT_ADDRESSES = 10;

    DmarcRecord {
        tags = Map.copyOf(tags);
    }

    /// What receivers shall do with mail that fails, from least to most.
    enum Policy {
        NONE,
        QUARANTINE,
        REJECT;

        static Optional<Policy> of(String text) {
            for (var policy : values()) {
                if (policy.name().equalsIgnoreCase(text)) {
                    return Optional.of(policy);
                }
            }
            return Optional.empty();
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// Whether a TXT record is meant as DMARC: it begins with the version.
    static boolean claims(String text) {
        return VERSION.matcher(text).matches();
    }

    static DmarcRecord parse(String text) {
        return new DmarcRecord(Texts.tags(text));
    }

    /// The policy for the domain itself; empty where receivers ignore the record. A record without a valid one
    /// counts as `none` if it at least names somebody to report to (section 6.6.3).
    Optional<Policy> policy() {
        var named = tag("p").flatMap(Policy::of);
        var valid = named.isPresent()
                && (tag("sp").isEmpty() || tag("sp").flatMap(Policy::of).isPresent());
        if (valid) {
            return named;
        }
        return reportDomains().isEmpty() ? Optional.empty() : Optional.of(Policy.NONE);
    }

    /// The policy for the domain's subdomains.
    Optional<Policy> subdomainPolicy() {
        var policy = policy();
        return policy.isPresent() ? tag("sp").flatMap(Policy::of).or(() -> policy) : policy;
    }

    /// The share of failing mail the policy applies to, in per cent.
    int percent() {
        return tag("pct")
                .filter(text -> text.matches("[0-9]{1,3}"))
                .map(Integer::valueOf)
                .filter(share -> share <= 100)
                .orElse(100);
    }

    /// The domains of the mail addresses that aggregate reports go to.
    List<String> reportDomains() {
        var domains = new ArrayList<String>();
        for (var address : tag("rua").orElse("").split(",")) {
            var mailbox = address.strip();
            // A size limit may follow: mailto:a@example.com!10m
            var end = mailbox.indexOf('!') < 0 ? mailbox.length() : mailbox.indexOf('!');
            var at = mailbox.lastIndexOf('@', end);
            if (mailbox.regionMatches(true, 0, "mailto:", 0, 7) && at > 7 && at + 1 < end) {
                domains.add(mailbox.substring(at + 1, end).toLowerCase(Locale.ROOT));
            }
        }
        return domains.stream().distinct().limit(MAX_REPORT_ADDRESSES).toList();
    }

    private Optional<String> tag(String name) {
        return Optional.ofNullable(tags.get(name));
    }
}
