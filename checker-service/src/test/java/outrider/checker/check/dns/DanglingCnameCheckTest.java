package outrider.checker.check.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static outrider.checker.check.Verdicts.assertCouldNotTell;
import static outrider.checker.check.Verdicts.assertNotApplicable;
import static outrider.checker.check.Verdicts.assertPass;
import static outrider.checker.check.Verdicts.assertProblem;

import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import outrider.checker.check.Problem;
import outrider.checker.egress.DnsAnswer;
import outrider.checker.egress.DnsQuestion;
import outrider.checker.egress.DnsQuestion.Type;
import outrider.checker.egress.DnsRecord;
import outrider.checker.egress.Fetched;
import outrider.checker.egress.Trouble;
import outrider.checker.egress.ZoneSigning;
import outrider.insight.Confidence;
import outrider.insight.Severity;
import outrider.scan.AssetKind;

class DanglingCnameCheckTest {

    private static final String NAME = "www.example.com";
    private static final URI URL = URI.create("http://www.example.com/");

    private final DanglingCnameCheck check = new DanglingCnameCheck();
    private final FakeZone zone = new FakeZone().ns("other.net").ns("com").ns("net");

    @Test
    void an_alias_that_leads_somewhere_passes() {
        assertPass(resolving("web.other.net").judge(check, NAME));
        assertThat(zone.asked()).containsExactly(NAME + " A");

        zone.answer(NAME, Type.A, new DnsAnswer.NoData(List.of("six.other.net")));
        assertPass(zone.judge(check, NAME));
    }

    @Test
    void a_name_that_is_no_alias_is_never_reported() {
        assertNotApplicable(zone.a(NAME).judge(check, NAME), "no alias");
        assertNotApplicable(zone.judge(check, "nowhere.example.com"), "does not exist");
    }

    @Test
    void a_target_that_does_not_exist_is_suspected() {
        unsure(assertProblem(zone.gone(NAME, "gone.other.net").judge(check, NAME), "gone", "does not exist"));
        assertThat(zone.asked()).containsExactly(NAME + " A", "other.net NS");
    }

    @Test
    void a_target_that_nobody_registers_is_suspected_too() {
        unsure(assertProblem(zone.gone(NAME, "host.corp.internal").judge(check, NAME), "gone", "does not exist"));
        assertThat(zone.asked()).containsExactly(NAME + " A");
    }

    @Test
    void a_target_in_a_domain_that_is_not_registered_is_high() {
        var problem = assertProblem(
                zone.gone(NAME, "web.lapsed.net").judge(check, NAME),
                "unregistered",
                Severity.HIGH,
                "into the domain lapsed.net, which does not exist");
        unsure(problem);
        assertThat(problem.evidence()).containsEntry("aliases", "web.lapsed.net");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "shop.azurewebsites.net",
                "shop.trafficmanager.net",
                "a.b.westeurope.cloudapp.azure.com",
                "shop.eu-west-1.elasticbeanstalk.com"
            })
    void a_name_that_its_provider_has_deleted_is_high(String target) {
        unsure(assertProblem(
                zone.gone(NAME, "edge.other.net", target).judge(check, NAME),
                "provider",
                Severity.HIGH,
                "that anybody can ask for"));
        assertThat(zone.asked()).containsExactly(NAME + " A");
    }

    @ParameterizedTest
    @ValueSource(strings = {"azurewebsites.net", "notazurewebsites.net", "azurewebsites.net.other.net"})
    void what_only_looks_like_a_provider_is_none(String target) {
        zone.ns("azurewebsites.net").ns("notazurewebsites.net");

        assertProblem(zone.gone(NAME, target).judge(check, NAME), "gone", "does not exist");
    }

    @Test
    void a_missing_name_of_the_same_domain_cannot_be_taken_by_a_stranger() {
        unsure(assertProblem(
                zone.gone(NAME, "old.example.com").judge(check, NAME), "own", Severity.LOW, "same domain"));
    }

    @Test
    void an_address_written_as_a_name_is_never_reported() {
        assertNotApplicable(zone.gone(NAME, "192.0.2.7").judge(check, NAME), "address");
    }

    @Test
    void what_cannot_be_asked_is_an_error() {
        assertCouldNotTell(zone.fails(NAME, Type.A).judge(check, NAME), "SERVFAIL");

        zone.gone(NAME, "gone.other.net").fails("other.net", Type.NS);
        assertCouldNotTell(zone.judge(check, NAME), "SERVFAIL for other.net");
    }

    @Test
    void the_page_of_a_provider_tells_that_the_name_is_free() {
        resolving("shop.github.io").page(page(404, "<p><strong>There isn't a GitHub Pages site here.</strong>"));

        var problem = assertProblem(
                zone.judge(check, NAME), "provider", Severity.HIGH, "GitHub Pages serves nothing for the name");
        unsure(problem);
        assertThat(problem.evidence()).containsEntry("page", "There isn't a GitHub Pages site here.");
    }

    @Test
    void another_page_of_the_provider_is_a_customers() {
        assertPass(resolving("shop.github.io").page(page(200, "hello")).judge(check, NAME));
        assertPass(resolving("shop.github.io").page(page(404, "not found")).judge(check, NAME));
    }

    @Test
    void the_text_of_a_providers_page_means_nothing_elsewhere() {
        zone.page(page(404, "There isn't a GitHub Pages site here."));

        assertPass(resolving("web.other.net").judge(check, NAME));
        assertNotApplicable(zone.a("example.com").judge(check, "example.com"), "no alias");
    }

    @Test
    void a_page_that_does_not_come_is_an_error() {
        resolving("shop.s3-website.eu-central-1.amazonaws.com");
        zone.page(new Fetched.Failed(URL, new Trouble(Trouble.Kind.TIMEOUT, "it did not answer in time")));
        assertCouldNotTell(zone.judge(check, NAME), "in time");

        for (var status : List.of(403, 429, 500, 503)) {
            assertCouldNotTell(zone.page(page(status, "busy")).judge(check, NAME), "status " + status);
        }
    }

    @Test
    void a_page_is_fetched_only_where_its_text_could_say_something() {
        assertThat(fetches("shop.github.io")).contains(URL);
        assertThat(fetches("b.s3-website-us-east-1.amazonaws.com")).contains(URL);
        assertThat(fetches("lb-1.eu-west-1.elb.amazonaws.com")).isEmpty();
        assertThat(fetches("shop.azurewebsites.net")).isEmpty();
        assertThat(fetches("web.other.net")).isEmpty();
    }

    private Optional<URI> fetches(String alias) {
        var answer = new DnsAnswer.Records(List.of(alias), List.of());
        return check.fetches(new DnsObservation(
                NAME,
                AssetKind.HOST,
                Map.of(new DnsQuestion(NAME, Type.A), answer),
                new ZoneSigning.Unknown("nobody looked"),
                Optional.empty()));
    }

    private FakeZone resolving(String alias) {
        return zone.answer(
                NAME,
                Type.A,
                new DnsAnswer.Records(
                        List.of(alias), List.of(new DnsRecord.Address(InetAddress.ofLiteral("192.0.2.1")))));
    }

    private static Fetched page(int status, String body) {
        return new Fetched.Response(URL, status, List.of(), List.of(), body.getBytes(StandardCharsets.UTF_8));
    }

    private static void unsure(Problem problem) {
        assertThat(problem.confidence()).isEqualTo(Confidence.TENTATIVE);
    }

    @Test
    void every_provider_of_the_data_file_is_whole() {
        assertThat(Provider.all()).hasSizeGreaterThan(30).allSatisfy(provider -> {
            assertThat(provider.suffix()).matches("([a-z0-9*-]+\\.)+[a-z]+");
            assertThat(provider.service()).isNotBlank();
            assertThat(provider.page().orElse("a long text")).hasSizeGreaterThan(10);
        });
    }
}
