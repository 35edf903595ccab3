package outrider.web;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The command that makes a deployment's keys and tokens: `TokenTool init DIR`, or `TokenTool mint DIR SUBJECT
/// SCOPE,SCOPE DAYS [ACCOUNT]`.
public final class TokenTool {

    private static final String USAGE = """
            usage: TokenTool init DIR                                     make DIR/signing, DIR/public and DIR/checker, where missing
                   TokenTool mint DIR SUBJECT SCOPE,SCOPE DAYS [ACCOUNT]  print a token
            """;

    private TokenTool() {}

    public static void main(String[] args) throws IOException {
        if (args.length == 2 && args[0].equals("init")) {
            init(Path.of(args[1]));
        } else if ((args.length == 5 || args.length == 6) && args[0].equals("mint")) {
            var account = args.length == 6 ? UUID.fromString(args[5]) : null;
            System.out.println(
                    mint(Path.of(args[1]), args[2], Set.of(args[3].split(",")), Long.parseLong(args[4]), account));
        } else {
            System.err.print(USAGE);
            System.exit(2);
        }
    }

    /// Three directories, because they are for three kinds of readers: `signing` for whoever mints, `public` for every
    /// service, `checker` for the checkers.
    private static void init(Path directory) throws IOException {
        var signing = directory.resolve("signing");
        var signer = TokenSigner.open(signing, Clock.systemUTC());
        Files.createDirectories(directory.resolve("public"));
        Files.copy(
                signing.resolve("jwks.json"),
                directory.resolve("public/jwks.json"),
                StandardCopyOption.REPLACE_EXISTING);
        writeOnce(signing.resolve("admin.token"), signer.mint("operator", Scopes.OPERATOR, null, Duration.ofDays(365)));
        Files.createDirectories(directory.resolve("checker"));
        writeOnce(
                directory.resolve("checker/checker.token"),
                signer.mint("checker-service", Scopes.CHECKER, null, Duration.ofDays(365)));
    }

    private static void writeOnce(Path file, String token) throws IOException {
        if (!Files.exists(file)) {
            TokenSigner.writePrivately(file, token);
        }
    }

    private static String mint(Path directory, String subject, Set<String> scopes, long days, @Nullable UUID account)
            throws IOException {
        for (var scope : scopes) {
            if (!Scopes.OPERATOR.contains(scope)) {
                throw new IllegalArgumentException(
                        "there is no scope '%s'; the scopes are %s".formatted(scope, Scopes.OPERATOR));
            }
        }
        return TokenSigner.open(directory.resolve("signing"), Clock.systemUTC())
                .mint(subject, scopes, account, Duration.ofDays(days));
    }
}
