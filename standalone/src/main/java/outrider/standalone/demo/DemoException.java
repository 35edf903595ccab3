package outrider.standalone.demo;

/// Why the demo could not go on, in one sentence.
final class DemoException extends RuntimeException {
    DemoException(String message) {
        super(message);
    }
}
