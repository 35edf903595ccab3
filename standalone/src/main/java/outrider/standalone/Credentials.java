package outrider.standalone;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import outrider.web.Scopes;
import outrider.web.TokenSigner;

/// The signing key of this installation and the tokens minted from it.
final class Credentials {
    private static final Duration VALIDITY = Duration.ofDays(365);

    private Credentials() {}

    /// Makes the key where it is missing, and new tokens at every start; earlier tokens hold until they expire.
    static void prepare(Home home) {
        try {
            var signer = TokenSigner.open(home.keys(), Clock.systemUTC());
            TokenSigner.writePrivately(home.adminToken(), signer.mint("operator", Scopes.OPERATOR, null, VALIDITY));
            TokenSigner.writePrivately(
                    home.checkerToken(), signer.mint("checker-service", Scopes.CHECKER, null, VALIDITY));
        } catch (IOException e) {
            throw new CannotStartException(
                    "The signing key and the tokens in %s cannot be read or written: %s."
                            .formatted(home.keys(), e.getMessage()),
                    e);
        }
    }
}
