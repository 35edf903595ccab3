package outrider.checker.admin;

import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import outrider.insight.CheckCatalog;
import outrider.insight.CheckDefinition;
import outrider.web.Page;

/// `GET /v1/checks`: what is checked, and why, and how to mend it.
@RestController
final class CheckController {
    private final CheckCatalog catalog;

    CheckController(CheckCatalog catalog) {
        this.catalog = catalog;
    }

    @GetMapping("/v1/checks")
    Page<CheckDefinition> list() {
        return new Page<>(List.copyOf(catalog.checks()), null);
    }
}
