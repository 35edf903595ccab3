package outrider.checker.check.http;

import outrider.checker.check.Judge;

/// A judge of what a web server answers, from a jar of its own: a service in the sense of [java.util.ServiceLoader].
public interface HttpJudge extends Judge<HttpObservation> {}
