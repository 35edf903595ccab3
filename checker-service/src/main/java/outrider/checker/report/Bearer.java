package outrider.checker.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The file with the token that this service shows the insights API. It is read again for each request, so that a
/// token can be rotated.
///
/// No message names what the file holds: a log is read by more people than a secret may be.
record Bearer(Path file) {

    /// The token.
    ///
    /// @throws IOException when the file cannot be read, or holds what cannot be a token: then nothing is sent
    String read() throws IOException {
        var token = text().strip();
        if (token.isEmpty() || !token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IOException(
                    "%s must hold one token of visible ASCII characters, without spaces or line breaks inside"
                            .formatted(file));
        }
        return token;
    }

    private String text() throws IOException {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IOException(
                    "%s cannot be read (%s)".formatted(file, e.getClass().getSimpleName()));
        }
    }
}
