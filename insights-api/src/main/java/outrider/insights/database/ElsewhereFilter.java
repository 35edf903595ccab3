package outrider.insights.database;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import outrider.scan.Wire;

/// Sends callers elsewhere while this replica is not near the primary.
///
/// A load balancer asks readiness before it opens a connection and never again, so a connection that was kept
/// would hold its caller here. It is ended with the answer, and [Wire#PRIMARY] tells a caller who knows other
/// addresses.
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
final class ElsewhereFilter extends OncePerRequestFilter {

    private final PrimaryDistance distance;

    ElsewhereFilter(PrimaryDistance distance) {
        this.distance = distance;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var state = distance.state();
        if (state != PrimaryDistance.State.NEAR) {
            response.setHeader(Wire.PRIMARY, state.name().toLowerCase(Locale.ROOT));
            response.setHeader(HttpHeaders.CONNECTION, "close");
        }
        chain.doFilter(request, response);
    }
}
