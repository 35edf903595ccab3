package outrider.insights.query;

import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.Parameters;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Documents the parameters of [InsightFilter] in the OpenAPI document.
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Parameters({
    @Parameter(in = ParameterIn.QUERY, name = "account_id", description = FilterParameters.HOW),
    @Parameter(in = ParameterIn.QUERY, name = "asset_id", description = FilterParameters.HOW),
    @Parameter(in = ParameterIn.QUERY, name = "check", description = FilterParameters.HOW),
    @Parameter(in = ParameterIn.QUERY, name = "severity", description = FilterParameters.HOW),
    @Parameter(in = ParameterIn.QUERY, name = "state", description = FilterParameters.HOW),
    @Parameter(in = ParameterIn.QUERY, name = "q", description = "Contained in title or subject; q~neq: in neither.")
})
@interface FilterParameters {

    String HOW = "Several by commas; the same name with ~neq appended excludes instead.";
}
