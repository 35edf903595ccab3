package outrider.checker.report;

import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// Whether the insights API takes reports. While it does not, nobody should start a scan whose report could not be
/// brought there.
@Component
public final class Upstream {

    private final CopyOnWriteArrayList<Listener> listeners = new CopyOnWriteArrayList<>();
    private @Nullable String trouble;

    /// Is told when trouble begins and when it is over; never twice the same in a row.
    public interface Listener {
        void inTrouble(String why);

        void wellAgain();
    }

    /// Adds a listener and tells it of present trouble.
    public synchronized void listen(Listener listener) {
        listeners.add(listener);
        if (trouble != null) {
            listener.inTrouble(trouble);
        }
    }

    synchronized void failed(String why) {
        if (trouble == null) {
            trouble = why;
            listeners.forEach(listener -> listener.inTrouble(why));
        }
    }

    synchronized void succeeded() {
        if (trouble != null) {
            trouble = null;
            listeners.forEach(Listener::wellAgain);
        }
    }
}
