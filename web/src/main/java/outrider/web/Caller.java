package outrider.web;

import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AuthenticationCredentialsNotFoundException;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;

/// Whoever makes the current request, by their token.
///
/// @param account the only account the token may see; null: it may see all
public record Caller(
        String subject, Set<String> scopes, @Nullable UUID account) {

    /// The claim that ties a token to one account.
    static final String ACCOUNT_CLAIM = "account_id";

    /// The caller of the request that this thread serves.
    public static Caller current() {
        if (!(SecurityContextHolder.getContext().getAuthentication() instanceof JwtAuthenticationToken token)) {
            throw new AuthenticationCredentialsNotFoundException("no bearer token on this request");
        }
        var account = token.getToken().getClaimAsString(ACCOUNT_CLAIM);
        var scopes = token.getAuthorities().stream()
                .map(GrantedAuthority::getAuthority)
                .filter(authority -> authority != null && authority.startsWith("SCOPE_"))
                .map(authority -> authority.substring("SCOPE_".length()))
                .collect(Collectors.toUnmodifiableSet());
        return new Caller(token.getName(), scopes, account == null ? null : UUID.fromString(account));
    }

    /// Whether the token may see that account. Where it may not, answer as if there were none.
    public boolean sees(UUID accountId) {
        return account == null || account.equals(accountId);
    }
}
