package outrider.insights.query;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.util.MultiValueMap;
import outrider.insight.CheckId;
import outrider.insight.Severity;
import outrider.web.Caller;
import outrider.web.ProblemException;

/// Which insights a request asks for, as a condition on `insights.insight i`.
///
/// A field takes several values, by commas or by being repeated; `<field>~neq` excludes them. What the token may not
/// see, and what is of a deleted account, is never among them.
///
/// @param where SQL with named parameters
record InsightFilter(String where, Map<String, Object> params) {

    private static final String NOT = "~neq";
    // A scalar subquery: as an anti-join it would spoil the estimate, and with it the way through an index.
    private static final String NOT_DELETED =
            "not coalesce((select a.deleted from insights.account a where a.id = i.account_id), false)";
    private static final String LIVE = "i.state <> 'resolved'"; // to the letter as in the indexes

    InsightFilter {
        params = Map.copyOf(params);
    }

    /// A field one can filter by.
    private enum Field {
        ACCOUNT_ID("uuid", "i.account_id = %s", "an id", UUID::fromString),
        ASSET_ID(
                "uuid",
                "(i.account_id, i.scope_id) in (select account_id, scope_id from insights.scope where asset_id = %s)",
                "an id",
                UUID::fromString),
        CHECK("text", "i.check_id = %s", "a check id such as tls.cert-expiry", id -> new CheckId(id).value()),
        SEVERITY(
                "int2",
                "i.severity = %s",
                oneOf(Severity.values()),
                name -> Severity.valueOf(name.toUpperCase(Locale.ROOT)).ordinal()),
        STATE(
                "text",
                "i.state = %s",
                oneOf(InsightState.values()).toLowerCase(Locale.ROOT),
                name -> InsightState.of(name).id()),
        Q("text", "concat_ws(' ', i.title, i.subject) ilike %s", "a text", InsightFilter::containing);

        private final String type;
        private final String condition;
        private final String expected;
        private final Function<String, Object> parser;

        Field(String type, String condition, String expected, Function<String, Object> parser) {
            this.type = type;
            this.condition = condition;
            this.expected = expected;
            this.parser = parser;
        }

        String id() {
            return name().toLowerCase(Locale.ROOT);
        }

        private Object[] parse(String parameter, List<String> values) {
            var texts = values.stream().flatMap(text -> this == Q ? Stream.of(text) : Stream.of(text.split(",")));
            try {
                return texts.map(String::strip).map(parser).toArray();
            } catch (IllegalArgumentException e) {
                throw ProblemException.invalid(parameter, "must be " + expected);
            }
        }
    }

    /// All that the caller may see.
    static InsightFilter visibleTo(Caller caller) {
        return caller.account() == null
                ? new InsightFilter(NOT_DELETED, Map.of())
                : new InsightFilter(NOT_DELETED + " and i.account_id = :caller", Map.of("caller", caller.account()));
    }

    /// The filter of a list: where nothing is said of states, resolved insights are left out.
    ///
    /// @param others the list's further parameters; any other is refused, for a misspelt filter must not look like
    /// a wide one
    static InsightFilter ofList(MultiValueMap<String, String> parameters, Caller caller, String... others) {
        requireKnown(parameters.keySet(), others);
        var filter = of(parameters, caller);
        return leavesOutResolved(parameters)
                ? new InsightFilter(filter.where() + "\n and " + LIVE, filter.params())
                : filter;
    }

    /// The filter of a count: where nothing is said of states, all are counted.
    static InsightFilter ofCount(MultiValueMap<String, String> parameters, Caller caller) {
        requireKnown(parameters.keySet());
        return of(parameters, caller);
    }

    /// Of the same filter what holds for coverage: account, asset and check.
    static InsightFilter ofCoverage(MultiValueMap<String, String> parameters, Caller caller) {
        return of(parameters, caller, EnumSet.of(Field.ACCOUNT_ID, Field.ASSET_ID, Field.CHECK));
    }

    private static InsightFilter of(MultiValueMap<String, String> parameters, Caller caller) {
        return of(parameters, caller, EnumSet.allOf(Field.class));
    }

    private static InsightFilter of(MultiValueMap<String, String> parameters, Caller caller, Set<Field> fields) {
        var visible = visibleTo(caller);
        var conditions = new ArrayList<>(List.of(visible.where()));
        var params = new HashMap<>(visible.params());
        for (var field : fields) {
            for (var parameter : List.of(field.id(), field.id() + NOT)) {
                var values = parameters.get(parameter);
                if (values != null) {
                    var name = parameter.replace(NOT, "_not");
                    var wanted = field.parse(parameter, values);
                    // A single account must be an equality, or the order of its index is of no use.
                    var one = wanted.length == 1;
                    var condition =
                            "(%s)".formatted(field.condition.formatted((one ? ":%s" : "any (:%s)").formatted(name)));
                    conditions.add(parameter.endsWith(NOT) ? "not " + condition : condition);
                    params.put(name, one ? wanted[0] : new SqlArrayValue(field.type, wanted));
                }
            }
        }
        return new InsightFilter(String.join("\n and ", conditions), params);
    }

    private static void requireKnown(Set<String> parameters, String... others) {
        var known = Stream.of(Field.values()).map(Field::id).collect(Collectors.toCollection(TreeSet::new));
        known.addAll(List.of(others));
        for (var parameter : parameters) {
            if (!known.contains(parameter)
                    && !(parameter.endsWith(NOT)
                            && known.contains(parameter.substring(0, parameter.length() - NOT.length())))) {
                throw ProblemException.invalid(
                        parameter,
                        "is no parameter here; there are %s, and filters end in %s to exclude"
                                .formatted(String.join(", ", known), NOT));
            }
        }
    }

    /// Then the indexes of live insights serve the request.
    private static boolean leavesOutResolved(MultiValueMap<String, String> parameters) {
        var states = parameters.getOrDefault("state", List.of());
        return states.isEmpty()
                ? !parameters.containsKey("state" + NOT)
                : states.stream().noneMatch(s -> s.toLowerCase(Locale.ROOT).contains(InsightState.RESOLVED.id()));
    }

    private static String containing(String text) {
        return "%" + text.replaceAll("[\\\\%_]", "\\\\$0") + "%";
    }

    private static String oneOf(Enum<?>[] values) {
        return Arrays.stream(values).map(Enum::name).collect(Collectors.joining(", ", "one of ", ""));
    }
}
