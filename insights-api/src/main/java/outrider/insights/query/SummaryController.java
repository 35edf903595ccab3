package outrider.insights.query;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import outrider.web.Caller;

/// Counts insights by state, severity and check.
@RestController
final class SummaryController {

    private final InsightRepository repository;

    SummaryController(InsightRepository repository) {
        this.repository = repository;
    }

    @Operation(summary = "Count insights", description = "Takes the filters of the list.")
    @FilterParameters
    @GetMapping("/v1/summary")
    Summary summary(@Parameter(hidden = true) @RequestParam MultiValueMap<String, String> parameters) {
        return Summary.of(repository.counts(InsightFilter.ofCount(parameters, Caller.current())));
    }
}
