package outrider.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The golden files: a change in one of them is a change of the wire, and a reviewed decision.
class WireTest {

    @ParameterizedTest
    @CsvSource({
        "scan-job, ScanJob",
        "scan-job-revised, ScanJob",
        "report-header, ReportLine",
        "report-header-revised, ReportLine",
        "report-header-part, ReportLine",
        "report-header-subjects, ReportLine",
        "report-header-traced, ReportLine",
        "check-result, ReportLine",
        "check-result-not-permitted, ReportLine",
        "found-insight, ReportLine",
        "known-insight, ReportLine",
        "report-end, ReportLine",
        "compare-needed, CompareLine",
        "compare-end, CompareLine",
        "report-outcome, ReportOutcome",
        "scan-outcome, ScanOutcome",
        "scan-outcome-moved, ScanOutcome",
        "scan-outcome-untold, ScanOutcome",
        "audit-record, AuditRecord",
        "catalog-record, CatalogRecord",
        "inventory-plan, InventoryRecord",
        "inventory-account, InventoryRecord",
        "inventory-asset, InventoryRecord",
        "inventory-asset-revised, InventoryRecord"
    })
    void reads_and_writes_each_golden_file_byte_for_byte(String file, String type) throws Exception {
        var golden = golden(file);

        var value = Wire.read(golden, Class.forName("outrider.scan." + type));

        assertThat(new String(Wire.write(value), StandardCharsets.UTF_8))
                .isEqualTo(new String(golden, StandardCharsets.UTF_8));
    }

    @Test
    void ignores_a_field_that_a_newer_release_added() {
        var end = Wire.read(
                "{\"type\":\"end\",\"results\":1,\"insights\":0,\"digest\":\"x\"}".getBytes(StandardCharsets.UTF_8),
                ReportLine.class);

        assertThat(end).isEqualTo(new ReportEnd(1, 0));
    }

    @Test
    void the_release_before_traces_reads_the_header_of_a_traced_report() throws Exception {
        record HeaderBefore(
                UUID scanId,
                long sequence,
                UUID accountId,
                UUID assetId,
                String checker,
                Instant startedAt,
                Instant finishedAt) {}

        assertThat(Wire.read(golden("report-header-traced"), HeaderBefore.class))
                .isEqualTo(Wire.read(golden("report-header"), HeaderBefore.class));
    }

    @Test
    void the_release_before_revisions_reads_jobs_headers_and_assets_that_have_one() throws Exception {
        record JobBefore(UUID scanId, long sequence, UUID assetId, String checker) {}
        record HeaderBefore(UUID scanId, long sequence, String checker, Instant finishedAt) {}
        record AssetBefore(UUID id, String name, boolean deleted) {}

        assertThat(Wire.read(golden("scan-job-revised"), JobBefore.class))
                .isEqualTo(Wire.read(golden("scan-job"), JobBefore.class));
        assertThat(Wire.read(golden("report-header-revised"), HeaderBefore.class))
                .isEqualTo(Wire.read(golden("report-header"), HeaderBefore.class));
        assertThat(Wire.read(golden("inventory-asset-revised"), AssetBefore.class))
                .isEqualTo(Wire.read(golden("inventory-asset"), AssetBefore.class));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"type\":\"result\",\"check\":\"nonsense\",\"subject\":\"s\",\"state\":\"PASS\"} | check: a check id looks like tls.cert-expiry",
                "{\"type\":\"result\",\"check\":\"a.b\",\"subject\":\"s\",\"state\":\"MAYBE\"} | state:",
                "{\"type\":\"result\",\"check\":\"a.b\",\"state\":\"PASS\"} | subject",
                "{\"type\":\"result\",\"check\":\"a.b\",\"subject\":\"s\",\"state\":\"ERROR\"} | must say why",
                "{\"type\":\"end\",\"results\":\1 | not valid JSON",
                "{\"type\":\"end\",\"results\":null,\"insights\":1} | results",
                "{\"type\":\"end\",\"insights\":1} | results",
                "{\"type\":\"surprise\"} | surprise",
                "[] | type",
                "null | null where an object is needed"
            })
    void says_which_field_is_wrong(String json, String complaint) {
        assertThatThrownBy(() -> Wire.read(json.getBytes(StandardCharsets.UTF_8), ReportLine.class))
                .isInstanceOf(MalformedWireException.class)
                .hasMessageContaining(complaint);
    }

    private static byte[] golden(String file) throws IOException {
        try (var in = WireTest.class.getResourceAsStream("/wire/" + file + ".v1.json")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip().getBytes(StandardCharsets.UTF_8);
        }
    }
}
