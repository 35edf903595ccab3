package outrider.insights.ingest;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.io.InputStream;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;
import outrider.web.ProblemException;

/// Reads what is left of a refused body, as long as it keeps coming.
///
/// Tomcat reads it too, so that the sender gets to read why it was refused, but without a limit of time: a sender that
/// trickles would keep its thread and its connection for as long as it likes.
@Component
final class SlowBodyValve extends ValveBase implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

    private final RequestProperties limits;
    private final long most;

    SlowBodyValve(RequestProperties limits, @Value("${server.tomcat.max-swallow-size}") DataSize most) {
        super(true);
        this.limits = limits;
        this.most = most.toBytes();
    }

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        factory.addEngineValves(this);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        getNext().invoke(request, response);
        var body = request.getInputStream();
        if (request.isAsync() || body.isFinished() || request.getHeader("Expect") != null) {
            return;
        }
        response.finishResponse();
        if (!endsInTime(body)) {
            request.getCoyoteRequest().action(ActionCode.DISABLE_SWALLOW_INPUT, null);
        }
    }

    private boolean endsInTime(InputStream body) {
        var rest = new SteadyBody(body, limits);
        var buffer = new byte[8192];
        try {
            for (var total = 0L; total <= most; ) {
                var read = rest.read(buffer);
                if (read < 0) {
                    return true;
                }
                total += read;
            }
            return false;
        } catch (IOException | ProblemException e) {
            return false;
        }
    }
}
