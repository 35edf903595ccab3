package outrider.insights.query;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import outrider.web.Caller;

/// Counts insights by state, severity and check, and what coverage is stale.
@RestController
final class SummaryController {

    private final InsightRepository insights;
    private final CoverageRepository coverage;

    SummaryController(InsightRepository insights, CoverageRepository coverage) {
        this.insights = insights;
        this.coverage = coverage;
    }

    @Operation(
            summary = "Count insights and stale coverage",
            description =
                    "Takes the filters of the list; those of account, asset and check hold for the coverage, too.")
    @FilterParameters
    @GetMapping("/v1/summary")
    Summary summary(@Parameter(hidden = true) @RequestParam MultiValueMap<String, String> parameters) {
        var caller = Caller.current();
        return Summary.of(
                insights.counts(InsightFilter.ofCount(parameters, caller)),
                coverage.stale(InsightFilter.ofCoverage(parameters, caller)));
    }
}
