package outrider.checker.check.http;

import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import outrider.checker.check.Judge;
import outrider.checker.check.Problem;
import outrider.checker.check.Verdict;
import outrider.checker.check.http.HstsHeader.MalformedException;
import outrider.checker.check.http.HttpObservation.Hop;
import outrider.checker.egress.Fetched;
import outrider.checker.egress.Literals;
import outrider.insight.CheckId;
import outrider.insight.Severity;

/// `http.hsts`: are browsers told to use nothing but HTTPS with this host, for half a year or more (RFC 6797)?
///
/// Asked of the endpoint's own first answer, a redirect included: what the host it leads to sends covers that
/// host. Where the certificate is bad the answer is an error: browsers ignore the header there (section 8.1), and
/// a certificate that ran out for a day must neither open nor close anything here.
final class HstsCheck implements Judge<HttpObservation> {

    private static final CheckId ID = new CheckId("http.hsts");
    private static final String HEADER = "Strict-Transport-Security";
    /// Half a year as common ingress controllers count it.
    private static final Duration LEAST = Duration.ofDays(182);

    private final Set<String> preloaded = Set.copyOf(Signs.lines("preloaded-suffixes.txt"));

    @Override
    public CheckId id() {
        return ID;
    }

    @Override
    public Verdict judge(HttpObservation seen) {
        if (!seen.endpoint().secure()) {
            return new Verdict.NotApplicable("browsers heed HSTS over https only");
        }
        if (Literals.address(seen.endpoint().host()).isPresent()) {
            return new Verdict.NotApplicable("browsers heed HSTS for names only, not for addresses");
        }
        if (seen.hops().isEmpty()) {
            return OwnAnswer.silence(seen);
        }
        return judge(seen.hops().getFirst());
    }

    private Verdict judge(Hop first) {
        var response = first.response();
        var obstacle = Obstacles.of(response);
        if (obstacle.isPresent()) {
            return new Verdict.CouldNotTell(obstacle.get());
        }
        if (first.objection().isPresent()) {
            return new Verdict.CouldNotTell("browsers ignore HSTS while the certificate %s; see the tls checks"
                    .formatted(first.objection().get()));
        }
        // Of several headers the first counts (RFC 6797, section 8.1).
        return response.header(HEADER).map(HstsCheck::judge).orElseGet(() -> missing(response));
    }

    private static Verdict judge(String header) {
        HstsHeader hsts;
        try {
            hsts = HstsHeader.parse(header);
        } catch (MalformedException e) {
            return fail("malformed", "The HSTS header is malformed, so browsers ignore it: " + e.getMessage(), header);
        }
        if (hsts.maxAge() == 0) {
            return fail("off", "The HSTS header switches HSTS off (max-age=0)", header);
        }
        return hsts.maxAge() < LEAST.toSeconds()
                ? Verdict.fail(Problem.of("HSTS holds for less than six months")
                        .detail("short")
                        .severity(Severity.LOW)
                        .saw("header", header))
                : Verdict.pass();
    }

    private Verdict missing(Fetched.Response response) {
        var host = response.url().getHost().toLowerCase(Locale.ROOT);
        var suffix = host.substring(host.lastIndexOf('.') + 1);
        if (preloaded.contains(suffix)) {
            return new Verdict.Pass("browsers hold all of .%s to https by themselves".formatted(suffix));
        }
        if (response.status() >= 400) {
            return new Verdict.CouldNotTell("it answered %d, and servers often leave this header out of error pages"
                    .formatted(response.status()));
        }
        return Verdict.fail(Problem.of("Browsers are not told to use HTTPS only: there is no HSTS header")
                .detail("missing")
                .saw("status", String.valueOf(response.status())));
    }

    private static Verdict fail(String detail, String title, String header) {
        return Verdict.fail(Problem.of(title).detail(detail).saw("header", header));
    }
}
