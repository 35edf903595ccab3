package outrider.web;

import org.springframework.security.core.AuthenticationException;

/// A token cannot be told from a forged one now, since the keys of who issued it cannot be had: retryable, and
/// nothing that its bearer could mend.
final class KeysAwayException extends AuthenticationException {

    private static final long serialVersionUID = 1L;

    KeysAwayException(Throwable cause) {
        super("The keys of a token's issuer cannot be had", cause);
    }
}
