package outrider.web;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Which of a service's replicas this one is.
///
/// @param name how it signs what it tells about itself
@ConfigurationProperties("outrider.replica")
public record Replica(@DefaultValue("localhost") String name) {}
