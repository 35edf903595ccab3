package outrider.checker.check.tls;

import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import outrider.checker.check.PublicSuffixes;
import outrider.checker.egress.Literals;

/// The hosts that a certificate is for: the DNS names and addresses in its subject alternative name, and nothing else
/// (RFC 9525, section 6; the common name has no say).
record CertificateNames(List<String> domains, List<InetAddress> addresses) {

    /// The types of a GeneralName (RFC 5280, section 4.2.1.6).
    private static final Integer DNS_NAME = 2;

    private static final Integer IP_ADDRESS = 7;

    CertificateNames {
        domains = List.copyOf(domains);
        addresses = List.copyOf(addresses);
    }

    static CertificateNames of(X509Certificate certificate) throws CertificateParsingException {
        var domains = new ArrayList<String>();
        var addresses = new ArrayList<InetAddress>();
        @Nullable Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        for (var name : names == null ? List.<List<?>>of() : names) {
            if (name.get(1) instanceof String text) {
                if (name.getFirst().equals(DNS_NAME)) {
                    domains.add(text.toLowerCase(Locale.ROOT));
                } else if (name.getFirst().equals(IP_ADDRESS)) {
                    Literals.address(text).ifPresent(addresses::add);
                }
            }
        }
        return new CertificateNames(domains, addresses);
    }

    boolean isEmpty() {
        return domains.isEmpty() && addresses.isEmpty();
    }

    Stream<String> all() {
        return Stream.concat(domains.stream(), addresses.stream().map(InetAddress::getHostAddress));
    }

    /// Whether the certificate is for the host: an address is compared with addresses, a name with names.
    boolean cover(String host) {
        var address = Literals.address(host);
        if (address.isPresent()) {
            return addresses.contains(address.get());
        }
        var name = host.toLowerCase(Locale.ROOT);
        var absolute = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        return domains.stream().anyMatch(pattern -> covers(pattern, absolute));
    }

    /// A wildcard is the whole left-most label and stands for exactly one (section 6.3), and for none directly below a
    /// public suffix, where it would cover strangers. A name in Unicode is no DNS name and covers nothing.
    private static boolean covers(String pattern, String host) {
        if (!pattern.startsWith("*.")) {
            return pattern.equals(host) && !pattern.contains("*");
        }
        var parent = pattern.substring(2);
        var dot = host.indexOf('.');
        return dot > 0
                && host.substring(dot + 1).equals(parent)
                && !parent.contains("*")
                && !PublicSuffixes.isPublicSuffix(parent);
    }
}
