package outrider.web;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The command that makes a deployment's keys and tokens, and changes the signing key without a token being
/// refused.
public final class TokenTool {

    private static final Duration YEAR = Duration.ofDays(365);

    private static final String USAGE = """
            usage: TokenTool init DIR                                     make DIR/signing, DIR/public and DIR/checker, where missing
                   TokenTool mint DIR SUBJECT SCOPE,SCOPE DAYS [ACCOUNT]  print a token
            A new signing key, in three steps; after each, let every service have DIR/public/jwks.json:
                   TokenTool prepare DIR   make the next key
                   TokenTool change DIR    sign with it, and mint the tokens of the operator and of the checkers anew
                   TokenTool retire DIR    refuse whatever the last one signed
            """;

    private TokenTool() {}

    public static void main(String[] args) throws IOException {
        if (args.length == 2) {
            run(args[0], Path.of(args[1]));
        } else if ((args.length == 5 || args.length == 6) && args[0].equals("mint")) {
            var account = args.length == 6 ? UUID.fromString(args[5]) : null;
            System.out.println(
                    mint(Path.of(args[1]), args[2], Set.of(args[3].split(",")), Long.parseLong(args[4]), account));
        } else {
            misused();
        }
    }

    private static void run(String command, Path directory) throws IOException {
        var keys = new SigningKeys(directory.resolve("signing"));
        switch (command) {
            case "init" -> keys.open();
            case "prepare" -> keys.prepare();
            case "change" -> keys.change();
            case "retire" -> keys.retire();
            default -> misused();
        }
        handOut(directory, keys, command.equals("change"));
    }

    private static void misused() {
        System.err.print(USAGE);
        System.exit(2);
    }

    /// Three directories, because they are for three kinds of readers: `signing` for whoever mints, `public` for
    /// every service, `checker` for the checkers.
    private static void handOut(Path directory, SigningKeys keys, boolean anew) throws IOException {
        var signing = directory.resolve("signing");
        var signer = TokenSigner.open(signing, Clock.systemUTC());
        Files.createDirectories(directory.resolve("public"));
        TokenSigner.writePublicly(directory.resolve("public/jwks.json"), Files.readString(keys.published()));
        write(signing.resolve("admin.token"), signer.mint("operator", Scopes.OPERATOR, null, YEAR), anew);
        Files.createDirectories(directory.resolve("checker"));
        write(
                directory.resolve("checker/checker.token"),
                signer.mint("checker-service", Scopes.CHECKER, null, YEAR),
                anew);
    }

    private static void write(Path file, String token, boolean anew) throws IOException {
        if (anew || !Files.exists(file)) {
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
