package outrider.standalone.demo;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/// One thing that is wrong with the demo's site, named after the check that finds it.
public enum Weakness {
    SPF("dns.spf"),
    DMARC("dns.dmarc"),
    CAA("dns.caa"),
    CERT_EXPIRY("tls.cert-expiry"),
    HOSTNAME("tls.hostname"),
    CHAIN("tls.chain"),
    HTTPS_REDIRECT("http.https-redirect"),
    HSTS("http.hsts");

    private final String check;

    Weakness(String check) {
        this.check = check;
    }

    /// The id of the check that finds it.
    String check() {
        return check;
    }

    static Set<Weakness> all() {
        return EnumSet.allOf(Weakness.class);
    }

    static Weakness of(String check) {
        return Arrays.stream(values())
                .filter(weakness -> weakness.check.equals(check))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the demo has no weakness '%s'; it has %s"
                        .formatted(
                                check,
                                Arrays.stream(values()).map(Weakness::check).collect(Collectors.joining(", ")))));
    }
}
