package outrider.web;

import org.springframework.security.authorization.AuthorityAuthorizationManager;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.authorization.AuthorizationManagers;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.security.web.access.intercept.RequestAuthorizationContext;

/// Who may pass to a route: whoever has its scope and, below `/admin`, is not tied to one account.
final class Gate {

    private Gate() {}

    static AuthorizationManager<RequestAuthorizationContext> of(Routes.Route route) {
        var scope = route.scope();
        if (scope == null) {
            return (authentication, context) -> new AuthorizationDecision(true);
        }
        return route.pattern().startsWith("/admin/") ? ofAllAccounts(scope) : scope(scope);
    }

    /// For what is about all accounts.
    static AuthorizationManager<RequestAuthorizationContext> ofAllAccounts(String scope) {
        return AuthorizationManagers.allOf(
                scope(scope),
                (authentication, context) ->
                        new AuthorizationDecision(authentication.get() instanceof JwtAuthenticationToken token
                                && !token.getToken().hasClaim(Caller.ACCOUNT_CLAIM)));
    }

    private static AuthorizationManager<RequestAuthorizationContext> scope(String scope) {
        return AuthorityAuthorizationManager.hasAuthority("SCOPE_" + scope);
    }
}
