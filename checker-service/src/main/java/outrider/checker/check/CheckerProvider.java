package outrider.checker.check;

/// Makes a checker that comes in a jar of its own, with a look and an observation of its own. A service in the sense of
/// [java.util.ServiceLoader]; who adds a check to a checker there is adds a judge instead.
public interface CheckerProvider {

    /// The checker, made once at start. It opens no connections but by `outside`.
    Checker<?> create(Outside outside);
}
