package outrider.checker.check;

import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import outrider.insight.CheckJars;

/// Judges and checkers that come in jars of their own, as services in the sense of [ServiceLoader]: from the class path
/// and from the jars of [CheckJars].
public final class OtherJars {

    private OtherJars() {}

    /// A checker's own judges, and behind them those that other jars add to it. An [IllegalStateException] names the
    /// one that cannot be made.
    public static <J extends Judge<?>> List<J> addTo(List<? extends J> own, Class<? extends J> service) {
        return Stream.<J>concat(own.stream(), all(service).stream()).toList();
    }

    static <S> List<S> all(Class<S> service) {
        return all(service, CheckJars.loader());
    }

    static <S> List<S> all(Class<S> service, ClassLoader loader) {
        try {
            return ServiceLoader.load(service, loader).stream()
                    .map(ServiceLoader.Provider::get)
                    .toList();
        } catch (ServiceConfigurationError | LinkageError e) {
            // The latter where the jar was built for another release.
            throw new IllegalStateException(
                    "A jar brings a %s that cannot be made: %s".formatted(service.getSimpleName(), e.getMessage()), e);
        }
    }
}
