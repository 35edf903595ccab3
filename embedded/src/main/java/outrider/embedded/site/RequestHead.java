package outrider.embedded.site;

import java.io.IOException;
import java.io.InputStream;

/// The request line and the header fields of a request, as they came.
record RequestHead(String method, String path, String text) {

    private static final int MOST = 16 * 1024;

    /// The next one, as far as 16 KiB of it; an IOException where it is none.
    static RequestHead read(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.length() < MOST && head.indexOf("\r\n\r\n", Math.max(0, head.length() - 4)) < 0) {
            var next = in.read();
            if (next < 0) {
                break;
            }
            head.append((char) next);
        }
        var text = head.toString().strip();
        var words = text.split(" ", 3);
        if (words.length < 3) {
            throw new IOException("this is no request");
        }
        return new RequestHead(words[0], words[1], text);
    }

    /// The host that is asked for, without its port.
    String host() {
        return field("Host").replaceFirst(":\\d+$", "");
    }

    /// The first field of that name; empty where there is none.
    String field(String name) {
        return text.lines()
                .skip(1)
                .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse("");
    }
}
