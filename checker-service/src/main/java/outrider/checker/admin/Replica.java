package outrider.checker.admin;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Which of the checkers this one is.
///
/// @param name how it signs what it tells about itself
@ConfigurationProperties("outrider.replica")
record Replica(@DefaultValue("localhost") String name) {}
