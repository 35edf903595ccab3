package outrider.checker.egress;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// Tells the operator once, at the start, how we introduce ourselves to those we scan if it is not enough.
@Component
final class Introduction {

    private static final Logger LOG = LoggerFactory.getLogger(Introduction.class);

    Introduction(EgressProperties properties) {
        if (properties.isAnonymous()) {
            LOG.warn(
                    "Requests say they come from '{}' and nothing more: set outrider.egress.contact (OUTRIDER_EGRESS_CONTACT)"
                            + " to a page that says who scans and how to opt out",
                    properties.effectiveUserAgent());
        }
    }
}
