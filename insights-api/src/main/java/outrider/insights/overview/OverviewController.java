package outrider.insights.overview;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/// `GET /admin/overview`: the fleet at a glance, for people and for scripts.
@RestController
final class OverviewController {

    private final Survey survey;

    OverviewController(Survey survey) {
        this.survey = survey;
    }

    @Operation(
            summary = "Show the state of the whole fleet",
            description = "Asks the scheduler and every checker with the token of this request. Who does not answer in"
                    + " time is named in `trouble`, and the rest is told all the same.")
    @GetMapping("/admin/overview")
    Overview overview(@Parameter(hidden = true) @RequestHeader(HttpHeaders.AUTHORIZATION) String authorization) {
        return survey.take(authorization);
    }
}
