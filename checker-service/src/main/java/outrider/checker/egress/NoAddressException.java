package outrider.checker.egress;

import java.net.UnknownHostException;

/// A host has no address that may be dialled; the trouble says why.
final class NoAddressException extends UnknownHostException {

    private static final long serialVersionUID = 1L;

    private final transient Trouble trouble;

    NoAddressException(Trouble trouble) {
        super(trouble.reason());
        this.trouble = trouble;
    }

    Trouble trouble() {
        return trouble;
    }
}
