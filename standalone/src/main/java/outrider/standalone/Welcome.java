package outrider.standalone;

/// What the person at the terminal reads once everything is up.
final class Welcome {
    private Welcome() {}

    static String text(Settings settings, double seconds) {
        var home = settings.home();
        var curl = "curl -sS -H \"Authorization: Bearer $(cat '%s')\"".formatted(home.adminToken());
        var insights = settings.url(Service.INSIGHTS);
        var scheduler = settings.url(Service.SCHEDULER);
        var checker = settings.url(Service.CHECKER);
        return """

                Outrider is ready, %.1f s after it was started.

                  Insights       %s   (its API: %s/v3/api-docs)
                  Inventory      %s   (its API: %s/v3/api-docs)
                  Checkers       %s   (its API: %s/v3/api-docs)
                  Your token     %s
                  The log        %s

                Three things to try from another terminal:

                  # what is wrong, worst first?
                  %s '%s/v1/insights?state=open'

                  # who is being looked after?
                  %s '%s/v1/accounts'

                  # what is looked at, and why?
                  %s '%s/v1/checks'

                The README's "Your first scan" adds a domain of yours. Ctrl-C stops everything; the data stay in %s.
                """.formatted(
                        seconds,
                        insights,
                        insights,
                        scheduler,
                        scheduler,
                        checker,
                        checker,
                        home.adminToken(),
                        home.log(),
                        curl,
                        insights,
                        curl,
                        scheduler,
                        curl,
                        checker,
                        home.root());
    }
}
