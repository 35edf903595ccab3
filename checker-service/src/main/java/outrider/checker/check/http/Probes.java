package outrider.checker.check.http;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import outrider.checker.egress.Fetched;

/// What requests beyond the first page brought.
///
/// @param at when they began
/// @param cors the same page, asked for as if by pages of other sites
/// @param securityTxt the places of `security.txt` in the order they were asked, where redirects led; empty if they
/// were not asked
/// @param nowhere the answer at an address where nothing can be: a site that has something there, too, has something
/// everywhere. Empty if no check had to know.
public record Probes(Instant at, List<Cors> cors, List<Fetched> securityTxt, Optional<Fetched> nowhere) {

    public Probes {
        cors = List.copyOf(cors);
        securityTxt = List.copyOf(securityTxt);
    }

    /// One request of a page of another site.
    ///
    /// @param origin what it said the page's origin is
    public record Cors(String origin, Fetched answer) {}

    static Probes none() {
        return new Probes(Instant.EPOCH, List.of(), List.of(), Optional.empty());
    }
}
