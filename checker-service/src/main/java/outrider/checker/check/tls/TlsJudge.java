package outrider.checker.check.tls;

import outrider.checker.check.Judge;

/// A judge of what a server presents over TLS, from a jar of its own: a service in the sense of
/// [java.util.ServiceLoader].
public interface TlsJudge extends Judge<TlsObservation> {}
