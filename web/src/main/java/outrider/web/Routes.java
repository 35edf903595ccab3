package outrider.web;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;

/// The table of a service's routes and the scope each needs. What is not in it is refused; the first line that
/// matches counts.
public final class Routes {

    private final List<Route> routes = new ArrayList<>();

    private Routes() {}

    public static Routes of() {
        return new Routes();
    }

    public Routes get(String pattern, String scope) {
        return add(HttpMethod.GET, pattern, scope);
    }

    public Routes post(String pattern, String scope) {
        return add(HttpMethod.POST, pattern, scope);
    }

    public Routes patch(String pattern, String scope) {
        return add(HttpMethod.PATCH, pattern, scope);
    }

    public Routes delete(String pattern, String scope) {
        return add(HttpMethod.DELETE, pattern, scope);
    }

    /// A route that is open to everybody: whoever calls it shows who they are in its body.
    public Routes openPost(String pattern) {
        routes.add(new Route(HttpMethod.POST, pattern, null));
        return this;
    }

    List<Route> list() {
        return List.copyOf(routes);
    }

    private Routes add(HttpMethod method, String pattern, String scope) {
        routes.add(new Route(method, pattern, scope));
        return this;
    }

    /// One line of the table.
    ///
    /// @param scope null: it is open
    record Route(
            HttpMethod method, String pattern, @Nullable String scope) {}
}
