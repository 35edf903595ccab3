package outrider.lanes;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.CountDownLatch;

/// A process of its own that runs a lane until it is killed: `DoomedMember BOOTSTRAP TOPIC PROTOCOL`.
final class DoomedMember {
    private DoomedMember() {}

    public static void main(String[] arguments) throws InterruptedException {
        var clients = new TestClients(arguments[0], arguments[2], arguments[1] + ".fast");
        var settings = LaneFixture.settings("fast", Topology.of("fast", arguments[1]), arguments[1]);
        var handler = new LedgerHandler(clients.producer(), arguments[1] + ".ledger", 1);
        new LaneLoop(
                        settings,
                        handler,
                        () -> clients.consumer(settings, "doomed"),
                        clients::producer,
                        new SimpleMeterRegistry())
                .start();
        new CountDownLatch(1).await();
    }
}
