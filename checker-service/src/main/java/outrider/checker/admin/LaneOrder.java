package outrider.checker.admin;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import outrider.lanes.LaneLoop;
import outrider.lanes.LaneState;

/// What an operator ordered of a lane, for every replica that runs it. The value of a record in
/// `outrider-control`.
///
/// @param permits per replica; null: as configured
/// @param by the subject of the token that ordered it
record LaneOrder(State state, @Nullable Integer permits, String by, Instant at) {

    /// What the lane shall do; [LaneState] says it in full.
    enum State {
        RUNNING(LaneState.RUNNING),
        PAUSED(LaneState.PAUSED),
        DRAINING(LaneState.DRAINING);

        private final LaneState meaning;

        State(LaneState meaning) {
            this.meaning = meaning;
        }

        @JsonValue
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// What an order may be about.
    enum Field {
        STATE,
        PERMITS;

        /// As in the key of its record.
        String id() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// The field of that name; an [IllegalArgumentException] where there is none.
        static Field of(String id) {
            return valueOf(id.toUpperCase(Locale.ROOT));
        }
    }

    /// What is in force once this orders that field, and nothing else, of a lane.
    ///
    /// @param before what was in force; null: nothing was ever ordered
    LaneOrder over(@Nullable LaneOrder before, Field field) {
        return switch (field) {
            case STATE -> new LaneOrder(state, before == null ? null : before.permits(), by, at);
            case PERMITS -> new LaneOrder(before == null ? State.RUNNING : before.state(), permits, by, at);
        };
    }

    /// What is ordered, as the audit keeps it; permits are left out where they are as configured.
    Map<String, Object> summary() {
        var summary = new LinkedHashMap<String, Object>();
        summary.put("state", state.id());
        if (permits != null) {
            summary.put("permits", permits);
        }
        return summary;
    }

    void applyTo(LaneLoop loop) {
        loop.resize(permits == null ? loop.settings().permits() : permits);
        loop.state(state.meaning);
    }
}
