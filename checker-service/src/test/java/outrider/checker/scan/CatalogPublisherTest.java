package outrider.checker.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static outrider.checker.scan.CheckerFixture.SOON;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import outrider.insight.CheckCatalog;
import outrider.insight.CheckId;
import outrider.scan.CatalogRecord;
import outrider.scan.Lane;
import outrider.scan.ReportHeader;
import outrider.scan.Topics;
import outrider.scan.Wire;

/// What a checker says of its checks.
class CatalogPublisherTest {

    private static final CheckCatalog CATALOG = CheckCatalog.load().disable(Set.of(new CheckId("dns.caa")));

    static CheckerFixture fixture;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        fixture = new CheckerFixture(directory);
        fixture.start("--outrider.checks.disabled=dns.caa", "--outrider.checks.publish-every=100ms");
    }

    @AfterAll
    static void stop() {
        fixture.close();
    }

    @Test
    void a_checker_publishes_its_catalogue_again_and_again() {
        await().atMost(SOON).until(() -> published().size() > 1);

        var record = published().getFirst();
        assertThat(record.hash()).isEqualTo(CATALOG.hash());
        assertThat(record.checks()).isEqualTo(CATALOG.record(record.at()).checks());
        assertThat(record.checks()).contains(new CatalogRecord.Check(new CheckId("dns.caa"), "dns", true));
    }

    @Test
    void its_reports_name_it() {
        var job = fixture.publish(Lane.FAST, "example.org");

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(fixture.api.lines())
                        .anyMatch(line -> line instanceof ReportHeader header
                                && header.scanId().equals(job.scanId())
                                && CATALOG.hash().equals(header.catalog())));
    }

    @Test
    void a_checker_that_is_to_disable_a_check_that_there_is_not_does_not_start() {
        assertThatThrownBy(() -> fixture.start("--outrider.checks.disabled=dns.cca"))
                .rootCause()
                .hasMessage("outrider.checks.disabled: there is no check 'dns.cca' in the catalogue");
    }

    private static List<CatalogRecord> published() {
        return fixture.records(Topics.CATALOG, CATALOG.hash()).stream()
                .map(record -> Wire.read(record.value(), CatalogRecord.class))
                .toList();
    }
}
