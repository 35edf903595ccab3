package outrider.checker.admin;

import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import outrider.scan.Lane;

/// Which dead letters one means: those that match all that is given. What asks for a field of the job leaves out
/// letters that are no scan job.
///
/// @param reason any part of it, in upper or lower case
/// @param since died then or later
/// @param until died before
record DeadLetterFilter(
        @Nullable Lane lane,
        @Nullable String checker,
        @Nullable UUID accountId,
        @Nullable UUID assetId,
        @Nullable String reason,
        @Nullable Instant since,
        @Nullable Instant until) {

    static final DeadLetterFilter ALL = new DeadLetterFilter(null, null, null, null, null, null, null);

    boolean matches(DeadLetter letter) {
        var job = letter.job();
        return fits(lane, wanted -> wanted == letter.lane())
                && fits(checker, wanted -> job != null && job.checker().equals(wanted))
                && fits(accountId, wanted -> job != null && job.accountId().equals(wanted))
                && fits(assetId, wanted -> job != null && job.assetId().equals(wanted))
                && fits(reason, wanted -> lower(letter.reason()).contains(lower(wanted)))
                && fits(since, wanted -> !letter.deadAt().isBefore(wanted))
                && fits(until, wanted -> letter.deadAt().isBefore(wanted));
    }

    boolean isEmpty() {
        return Stream.of(lane, checker, accountId, assetId, reason, since, until)
                .allMatch(Objects::isNull);
    }

    private static <T> boolean fits(@Nullable T wanted, Predicate<T> test) {
        return wanted == null || test.test(wanted);
    }

    private static String lower(@Nullable String text) {
        return text == null ? "" : text.toLowerCase(Locale.ROOT);
    }
}
