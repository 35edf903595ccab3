package outrider.lanes;

/// The job's partition went to another member: nothing may be published for it any more.
final class StaleJobException extends Exception {

    StaleJobException(Job job) {
        super("%s is no longer ours".formatted(job), null, false, false);
    }
}
