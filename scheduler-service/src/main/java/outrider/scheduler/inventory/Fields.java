package outrider.scheduler.inventory;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import outrider.scan.AssetKind;
import outrider.scan.Endpoint;
import outrider.scan.Plan;
import outrider.web.ProblemException;

/// Reads what people write into the fields of accounts and assets; a problem document names the field that is
/// wrong.
final class Fields {

    private static final int LONGEST_NAME = 200;
    private static final int MOST_ENDPOINTS = 100;

    private Fields() {}

    static String accountName(String text) {
        var name = text.strip();
        if (name.isEmpty() || name.length() > LONGEST_NAME || name.chars().anyMatch(Character::isISOControl)) {
            throw ProblemException.invalid(
                    "name", "must have 1 to %d characters, none of them a control character".formatted(LONGEST_NAME));
        }
        return name;
    }

    static Plan plan(String text) {
        return oneOf("plan", text, Plan.values());
    }

    static AssetKind kind(String text) {
        return oneOf("kind", text, AssetKind.values());
    }

    static String assetName(AssetKind kind, String text) {
        try {
            return AssetName.of(kind, text);
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid("name", String.valueOf(e.getMessage()));
        }
    }

    /// What names begin with, as they are stored: in lower case.
    static String namePrefix(String text) {
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw ProblemException.invalid("name", "must not have control characters");
        }
        return text.toLowerCase(Locale.ROOT);
    }

    /// Endpoints without doubles, in the order given; null stays null.
    static @Nullable List<Endpoint> endpoints(@Nullable List<@Nullable String> texts) {
        if (texts == null) {
            return null;
        }
        if (texts.size() > MOST_ENDPOINTS) {
            throw ProblemException.invalid("endpoints", "may hold %d at most".formatted(MOST_ENDPOINTS));
        }
        return texts.stream().map(Fields::endpoint).distinct().toList();
    }

    private static Endpoint endpoint(@Nullable String text) {
        try {
            return Endpoint.of(text == null ? "" : text);
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid("endpoints", String.valueOf(e.getMessage()));
        }
    }

    /// The word under which a value is known to people.
    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static <E extends Enum<E>> E oneOf(String field, String text, E[] values) {
        return Arrays.stream(values)
                .filter(value -> value.name().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> ProblemException.invalid(
                        field,
                        "must be one of " + Stream.of(values).map(Fields::word).collect(Collectors.joining(", "))));
    }
}
