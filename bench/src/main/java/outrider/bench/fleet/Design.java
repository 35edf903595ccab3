package outrider.bench.fleet;

/// Whose way of consuming and writing a fleet follows. Scheduler, broker and database are the same for all.
enum Design {
    /// Ours: the checker service and the insights API as they are deployed.
    OUTRIDER("ours", "lanes fast and slow, 1,000 permits each; fence, diff, then what changed by unnest"),
    /// What Cloudflare published in June 2026.
    ARTICLE(
            "the article's",
            "a consumer for each of two lanes, batches of up to 1,000 with a barrier; a request and one unnest upsert a batch"),
    /// What they had before.
    ORIGINAL(
            "the original",
            "30 consumers, one a partition, 1 job at a time each; a request and a transaction a scan, an upsert an insight");

    final String title;
    final String settings;

    Design(String title, String settings) {
        this.title = title;
        this.settings = settings;
    }
}
