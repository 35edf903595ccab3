package outrider.scheduler.inventory;

import com.fasterxml.jackson.annotation.JsonValue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import outrider.scan.AssetKind;
import outrider.scan.Endpoint;
import outrider.scheduler.due.Pace;
import outrider.web.LineReader;
import outrider.web.ProblemException;

/// Adds assets from a stream of lines, some at a time, and tells what came of each line.
@Component
final class AssetImport {

    private static final int BATCH = 1_000;

    private final Inventory inventory;
    private final Pace pace;

    AssetImport(Inventory inventory, Pace pace) {
        this.inventory = inventory;
        this.pace = pace;
    }

    /// An asset that somebody wants to have.
    ///
    /// @param endpoints null: whatever it has, or none
    record Wanted(AssetKind kind, String name, @Nullable List<Endpoint> endpoints) {}

    /// What came of a line.
    enum Kind {
        CREATED,
        EXISTED,
        /// It is there already with other endpoints, and was left as it is.
        DIFFERS,
        INVALID;

        @JsonValue
        String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// @param line its number in the body, from 1
    /// @param why the field that is wrong, and how; null where nothing is
    record Outcome(
            int line,
            Kind outcome,
            @Nullable UUID id,
            @Nullable String why) {}

    /// How a line is read. It ends with a [ProblemException] that says what is wrong with it.
    @FunctionalInterface
    interface Format {

        Wanted read(byte[] line);
    }

    /// Where the outcomes go.
    @FunctionalInterface
    interface Outcomes {

        void tell(Outcome outcome) throws IOException;
    }

    /// Adds the assets of all lines. What is wrong with a line is its outcome; the others go on. Each thousand are
    /// written together, and stay whatever comes after them; if the body breaks off, so does what came before.
    ///
    /// @return why the body could not be read to its end; null if it could
    @Nullable
    ProblemException run(UUID account, LineReader lines, Format format, Outcomes outcomes) throws IOException {
        var batch = new ArrayList<Line>();
        ProblemException broke = null;
        try {
            for (var line = next(lines, format); line != null; line = next(lines, format)) {
                batch.add(line);
                if (batch.size() == BATCH) {
                    write(account, batch, outcomes);
                    batch.clear();
                }
            }
        } catch (BodyBroke e) {
            broke = e.problem;
        }
        write(account, batch, outcomes);
        pace.askForRecount();
        return broke;
    }

    /// What is said of a body whose rest does not come.
    static ProblemException brokeOff() {
        return ProblemException.malformed(
                "body", "broke off or cannot be unzipped; what was read before is imported: send the same again");
    }

    private static @Nullable Line next(LineReader lines, Format format) throws BodyBroke {
        try {
            var text = lines.next();
            return text == null ? null : line(lines.line(), text, format);
        } catch (ProblemException e) {
            if (lines.goesOn()) {
                return new Line(lines.line(), null, e.getMessage());
            }
            throw new BodyBroke(e);
        } catch (IOException e) {
            throw new BodyBroke(brokeOff());
        }
    }

    /// Nothing more can be read.
    private static final class BodyBroke extends Exception {

        private static final long serialVersionUID = 1L;

        private final ProblemException problem;

        BodyBroke(ProblemException problem) {
            super(problem);
            this.problem = problem;
        }
    }

    /// @param wanted null where it is invalid
    private record Line(
            int number, @Nullable Wanted wanted, @Nullable String why) {}

    private static Line line(int number, byte[] text, Format format) {
        try {
            return new Line(number, format.read(text), null);
        } catch (ProblemException e) {
            return new Line(number, null, e.getMessage());
        }
    }

    private void write(UUID account, List<Line> batch, Outcomes outcomes) throws IOException {
        var wanted = new ArrayList<Wanted>(batch.size());
        for (var line : batch) {
            if (line.wanted() != null) {
                wanted.add(line.wanted());
            }
        }
        var added = inventory.addAssets(account, wanted).iterator();
        for (var line : batch) {
            outcomes.tell(
                    line.wanted() == null
                            ? new Outcome(line.number(), Kind.INVALID, null, line.why())
                            : outcome(line.number(), added.next()));
        }
    }

    private static Outcome outcome(int line, Inventory.Addition addition) {
        return switch (addition) {
            case Inventory.Addition.Added(var asset) -> new Outcome(line, Kind.CREATED, asset.id(), null);
            case Inventory.Addition.Existed(var asset) -> new Outcome(line, Kind.EXISTED, asset.id(), null);
            case Inventory.Addition.Differs(var asset) ->
                new Outcome(
                        line,
                        Kind.DIFFERS,
                        asset.id(),
                        "endpoints: it is there already with others; change it with PATCH /v1/assets/" + asset.id());
            case Inventory.Addition.NoAccount _ -> throw ProblemException.notFound("account");
        };
    }
}
