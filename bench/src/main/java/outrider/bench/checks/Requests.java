package outrider.bench.checks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Stream;

/// What one run of a checker on the healthy host sends, counted by the servers.
///
/// @param questions those put to the DNS, as `www.example.test. A`
/// @param connections to the web servers; one may carry several HTTP requests
/// @param handshakes how many of them came to the end of a TLS handshake
/// @param heads the heads of the HTTP requests without TLS
/// @param secureHeads the heads of those with
record Requests(List<String> questions, int connections, int handshakes, List<String> heads, List<String> secureHeads) {

    /// A DNS question is one request, and so is an HTTP request; so is a connection where none is sent.
    int total() {
        return questions.size() + Math.max(connections, http());
    }

    int http() {
        return heads.size() + secureHeads.size();
    }

    /// Each DNS question and each first line of an HTTP request.
    List<String> lines() {
        return Stream.of(questions, heads, secureHeads)
                .flatMap(List::stream)
                .map(text -> text.lines().findFirst().orElse(""))
                .toList();
    }

    /// Together with those of another checker.
    Requests and(Requests other) {
        return new Requests(
                both(questions, other.questions),
                connections + other.connections,
                handshakes + other.handshakes,
                both(heads, other.heads),
                both(secureHeads, other.secureHeads));
    }

    /// Runs each checker once, on servers of its own.
    static SequencedMap<String, Requests> perChecker(Path folder) throws IOException, InterruptedException {
        var requests = new LinkedHashMap<String, Requests>();
        for (var checker : Scanner.CHECKERS) {
            try (var target = new Target();
                    var scanner = Scanner.of(target.dns().address(), target.writeTrust(folder))) {
                scanner.scanHealthy(checker, target.addresses().healthy());
                requests.put(checker, of(target));
            }
        }
        return requests;
    }

    private static Requests of(Target target) {
        return new Requests(
                target.dns().questions(),
                target.https().connections() + target.http().connections(),
                target.https().handshakes(),
                target.http().requests(),
                target.https().requests());
    }

    private static List<String> both(List<String> one, List<String> other) {
        return Stream.concat(one.stream(), other.stream()).toList();
    }
}
