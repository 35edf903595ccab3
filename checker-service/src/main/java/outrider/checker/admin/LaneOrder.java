package outrider.checker.admin;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import outrider.lanes.LaneLoop;
import outrider.lanes.LaneState;

/// What an operator ordered of a lane, for every replica that runs it. The value of a record in `outrider-control`.
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

    void applyTo(LaneLoop loop) {
        loop.resize(permits == null ? loop.settings().permits() : permits);
        loop.state(state.meaning);
    }
}
