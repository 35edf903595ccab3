package outrider.bench.write;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import outrider.bench.Figures;
import outrider.bench.Progress;
import outrider.bench.write.arm.Batch;
import outrider.bench.write.arm.HttpArm;
import outrider.bench.write.arm.OutriderArm;
import outrider.bench.write.arm.Scope;

/// What HTTP, JSON and all checks of what is said add to the first report of half a million insights.
final class Http {
    private static final int WARM_UPS = 3;

    private final Rig rig;
    private final Scale scale;
    private final Costs costs = new Costs();

    Http(Rig rig, Scale scale) {
        this.rig = rig;
        this.scale = scale;
    }

    void run(Figures figures) throws SQLException, IOException {
        try (var keeper = new Keeper(rig.url());
                var door = new OutriderArm(rig.url(), false, Map.of());
                var http = new HttpArm(rig.url())) {
            for (int warmUp = 1; warmUp <= WARM_UPS; warmUp++) {
                keeper.empty();
                var report = List.of(new Batch(Scope.fresh(), 1, 2 * scale.perRow(), 0));
                door.write(List.of(new Batch(Scope.fresh(), 1, 2 * scale.perRow(), 0)));
                http.prepare(report);
                http.write(report);
                keeper.awaitEmptySlots();
            }
            for (int repetition = 1; repetition <= rig.repetitions(); repetition++) {
                Progress.say("http, repetition " + repetition);
                var report = new Batch(Scope.fresh(), 1, scale.largest(), 0);
                http.prepare(List.of(report));
                keeper.empty();
                costs.add(door.name(), Cost.of(rig, keeper, door, report));
                keeper.empty();
                costs.add(http.name(), Cost.of(rig, keeper, http, report));
            }
            costs.print(
                    rig,
                    Costs.table("%,d new insights over HTTP".formatted(scale.largest()), "writer's door over this")
                            .note("The API runs in this JVM, the body comes from a file; %s. %d repetitions."
                                    .formatted(http.settings(), rig.repetitions())),
                    door.name());
            figures.put("http_new_500k_over_writer", costs.seconds(http.name()).over(costs.seconds(door.name())));
        }
    }
}
