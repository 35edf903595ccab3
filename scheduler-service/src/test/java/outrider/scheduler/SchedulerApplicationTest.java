package outrider.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import outrider.embedded.TestDatabase;
import outrider.scan.InventoryRecord;
import outrider.scan.Lane;
import outrider.scan.ScanJob;
import outrider.scan.ScanOutcome;
import outrider.scan.Topics;
import outrider.scan.Wire;

/// The service as it is deployed, from the first request to the outcome of a scan, and across a restart.
class SchedulerApplicationTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    @Test
    void schedules_what_is_added_hears_how_it_went_and_goes_on_after_a_restart() {
        var database = TestDatabase.fresh();
        UUID asset;
        UUID scan;
        try (var scheduler = TestScheduler.running(database)) {
            var http = scheduler.http();
            var account = http.post("/v1/accounts", "{'name':'Example','plan':'free'}")
                    .id();
            asset = http.post("/v1/accounts/%s/assets".formatted(account), "{'kind':'zone','name':'example.com'}")
                    .id();

            var job = await().atMost(SOON).until(() -> job(asset), found -> found != null);
            scan = job.scanId();
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(Topic.read(Topics.INVENTORY).stream()
                                    .map(record -> Wire.read(record.value(), InventoryRecord.class)
                                            .key()))
                            .contains("account/" + account, "asset/" + asset));

            Topic.write(Topics.OUTCOMES, asset.toString(), "not an outcome".getBytes(StandardCharsets.UTF_8));
            Topic.write(Topics.OUTCOMES, asset.toString(), Wire.write(reported(job)));
            await().atMost(SOON)
                    .untilAsserted(
                            () -> assertThat(http.get("/v1/scans/" + scan).text("state"))
                                    .isEqualTo("reported"));
            assertThat(http.get("/actuator/health/readiness").text("status")).isEqualTo("UP");
            assertThat(http.get("/actuator/health/liveness").text("status")).isEqualTo("UP");
            assertThat(http.get("/v3/api-docs").body().get("paths").propertyNames())
                    .contains("/v1/scans", "/admin/schedule");
        }
        try (var scheduler = TestScheduler.running(database)) {
            assertThat(scheduler.http().get("/v1/scans/" + scan).text("state")).isEqualTo("reported");
            assertThat(scheduler.http().get("/v1/assets/" + asset).text("name")).isEqualTo("example.com");
        }
    }

    private static ScanJob job(UUID asset) {
        return Topic.read(Lane.FAST.topic()).stream()
                .filter(record -> record.key().equals(asset.toString()))
                .map(record -> Wire.read(record.value(), ScanJob.class))
                .findFirst()
                .orElse(null);
    }

    private static ScanOutcome reported(ScanJob job) {
        return new ScanOutcome(
                job.scanId(),
                job.sequence(),
                job.accountId(),
                job.assetId(),
                job.checker(),
                Lane.FAST,
                1,
                ScanOutcome.Kind.REPORTED,
                250,
                Instant.now(),
                null);
    }
}
