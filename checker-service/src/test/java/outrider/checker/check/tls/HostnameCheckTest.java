package outrider.checker.check.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static outrider.checker.check.Verdicts.assertPass;
import static outrider.checker.check.Verdicts.assertProblem;

import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import outrider.checker.check.Verdict;
import outrider.checker.egress.TlsEdge;
import outrider.embedded.site.CertificateAuthority;
import outrider.embedded.site.Leaf;
import outrider.scan.Endpoint;

class HostnameCheckTest {

    private final HostnameCheck check = new HostnameCheck();

    @ParameterizedTest
    @CsvSource({
        "www.example.com, www.example.com",
        "WWW.Example.COM, www.example.com",
        "www.example.com, *.example.com",
        "xn--bcher-kva.example.com, xn--bcher-kva.example.com",
        "xn--bcher-kva.example.com, *.example.com",
        "www.example.com., www.example.com",
        "shop.github.io, *.github.io",
        "wiki.internal, *.internal",
        "192.0.2.7, 192.0.2.7",
        "[2001:db8::7], 2001:db8:0:0:0:0:0:7"
    })
    void a_name_or_address_that_is_there_covers(String host, String name) {
        assertPass(judge(host, Leaf.named("other.test", name)));
    }

    @ParameterizedTest
    @CsvSource({
        "example.com, www.example.com",
        "example.com, *.example.com",
        "a.b.example.com, *.example.com",
        "www.example.com, w*.example.com",
        "www.example.com, *www.example.com",
        "www.example.com, www.*.com",
        "www.example.com, *.*.com",
        "example.com, *.com",
        "shop.co.uk, *.co.uk",
        "www.example.com, *",
        "192.0.2.7, *.0.2.7",
        "192.0.2.7, 192.0.2.8",
        "www.example.com, 192.0.2.7"
    })
    void anything_else_does_not(String host, String name) {
        var evidence = assertProblem(judge(host, Leaf.named(name)), "", "is not for " + host)
                .evidence();

        assertThat(evidence).containsEntry("names", name);
    }

    @Test
    void the_common_name_does_not_count() {
        assertProblem(
                judge("www.example.com", Leaf.named("www.example.com").withCommonNameOnly()), "", "names no host");
    }

    private Verdict judge(String host, Leaf leaf) {
        var identity = CertificateAuthority.selfSigned(leaf);
        return check.judge(new TlsObservation(
                new Endpoint("https", host, 443),
                Instant.now(),
                List.of(new TlsObservation.Edge.Seen(
                        new TlsEdge.Presented(InetAddress.getLoopbackAddress(), identity.chain(), Map.of()),
                        new ChainTrust.Untrusted())),
                Optional.empty()));
    }
}
