package outrider.scheduler.dispatch;

import java.time.Instant;
import java.util.UUID;
import outrider.scheduler.Http;
import outrider.scheduler.TestScheduler;

/// What many tests begin with: a scheduler by hand, and an account with one asset that is due now.
abstract class OneDueAsset {

    final TestScheduler scheduler = TestScheduler.byHand();
    final Http http = scheduler.http();
    final Instant now = scheduler.clock().instant();
    final UUID account = scheduler.account("pro");
    final UUID asset = scheduler.asset(account, "a.example", now);
}
