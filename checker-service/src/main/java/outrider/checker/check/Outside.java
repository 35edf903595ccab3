package outrider.checker.check;

import java.time.Clock;
import org.springframework.stereotype.Component;
import outrider.checker.egress.Dns;
import outrider.checker.egress.HttpFetcher;
import outrider.checker.egress.TlsClient;

/// The ways to the outside world that a checker may use. Each asks the egress guard about every address before it dials
/// it, and keeps its own bounds of time and size.
@Component
public record Outside(Dns dns, HttpFetcher http, TlsClient tls, Clock clock) {}
