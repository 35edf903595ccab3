package outrider.checker.check.http;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.select.NodeFilter;
import outrider.checker.check.http.SubResource.Kind;

/// Walks through a page once, in its order, and notes what a [Page] holds.
final class PageReader implements NodeFilter {

    private static final int MAX_RESOURCES = 2_000;
    /// The types of scripts that run; anything else is data (HTML, section 4.12.1).
    private static final Set<String> SCRIPT_TYPES = Set.of(
            "",
            "module",
            "text/javascript",
            "application/javascript",
            "text/ecmascript",
            "application/ecmascript",
            "application/x-javascript",
            "application/x-ecmascript",
            "text/jscript",
            "text/livescript",
            "text/x-javascript",
            "text/x-ecmascript");

    private final WebAddress document;
    private final List<String> policies = new ArrayList<>();
    private final Set<SubResource> resources = new LinkedHashSet<>();
    private WebAddress base;
    private boolean baseSet;
    private Optional<String> referrerPolicy = Optional.empty();
    private boolean crowded;

    PageReader(WebAddress document) {
        this.document = document;
        this.base = document;
    }

    /// What was seen, once the walk is over.
    ///
    /// @param whole whether the page itself had an end
    /// @param bodySeen whether there was something after its head
    Page page(boolean whole, boolean bodySeen) {
        return new Page(policies, referrerPolicy, List.copyOf(resources), whole || bodySeen, whole && !crowded);
    }

    @Override
    public FilterResult head(Node node, int depth) {
        if (!(node instanceof Element element)) {
            return FilterResult.CONTINUE;
        }
        // Browsers leave these alone: scripts run, and a template waits to be used.
        var name = element.normalName();
        if (name.equals("noscript") || name.equals("template") && !element.hasAttr("shadowrootmode")) {
            return FilterResult.SKIP_CHILDREN;
        }
        read(name, element);
        return FilterResult.CONTINUE;
    }

    private void read(String name, Element element) {
        switch (name) {
            case "base" -> base(element);
            case "meta" -> meta(element);
            case "script" -> script(element);
            case "link" -> link(element);
            case "iframe", "frame", "embed" -> load(Kind.FRAME, element.attr("src"));
            case "object" -> load(Kind.FRAME, element.attr("data"));
            case "img", "source", "audio", "track" -> media(element);
            case "video" -> {
                media(element);
                load(Kind.MEDIA, element.attr("poster"));
            }
            case "form" -> load(Kind.FORM, element.attr("action"));
            case "button" -> load(Kind.FORM, element.attr("formaction"));
            case "input" -> {
                load(Kind.FORM, element.attr("formaction"));
                if (element.attr("type").equalsIgnoreCase("image")) {
                    load(Kind.MEDIA, element.attr("src"));
                }
            }
            default -> {}
        }
    }

    /// The first one with an address counts, for all that follows it.
    private void base(Element element) {
        if (!baseSet && element.hasAttr("href")) {
            baseSet = true;
            base = document.resolve(element.attr("href")).orElse(document);
        }
    }

    private void meta(Element element) {
        var content = element.attr("content");
        var inHead = element.parent() != null && element.parent().normalName().equals("head");
        if (inHead && element.attr("http-equiv").strip().equalsIgnoreCase("content-security-policy")) {
            policies.add(content);
        } else if (element.attr("name").equalsIgnoreCase("referrer") && !content.isBlank()) {
            referrerPolicy = Optional.of(content);
        }
    }

    private void script(Element element) {
        var type = element.attr("type").strip().toLowerCase(Locale.ROOT);
        if (SCRIPT_TYPES.contains(type)) {
            // In SVG the address is in href.
            var source = element.hasAttr("src")
                    ? element.attr("src")
                    : element.hasAttr("href") ? element.attr("href") : element.attr("xlink:href");
            load(Kind.SCRIPT, source, Integrity.isGiven(element.attr("integrity")));
        }
    }

    private void link(Element element) {
        var relations = Tokens.words(element.attr("rel").toLowerCase(Locale.ROOT));
        if (relations.contains("stylesheet") && !element.hasAttr("disabled")) {
            load(Kind.STYLE, element.attr("href"), Integrity.isGiven(element.attr("integrity")));
        } else if (relations.contains("icon")) {
            load(Kind.MEDIA, element.attr("href"));
        }
    }

    private void media(Element element) {
        load(Kind.MEDIA, element.attr("src"));
        candidates(element.attr("srcset")).forEach(source -> load(Kind.MEDIA, source));
    }

    /// The addresses in a `srcset`: each is followed by what it suits, up to a comma (HTML, section 4.8.4.3.10).
    private static List<String> candidates(String srcset) {
        var sources = new ArrayList<String>();
        var wanted = true;
        for (var word : Tokens.words(srcset)) {
            var text = wanted ? word : word.substring(Tokens.firstOf(word, ",", 0));
            var source = withoutCommas(text);
            if (!source.isEmpty()) {
                sources.add(source);
            }
            wanted = text.isEmpty() ? wanted : text.endsWith(",") || source.isEmpty();
        }
        return sources;
    }

    private static String withoutCommas(String word) {
        var begin = 0;
        var end = word.length();
        while (begin < end && word.charAt(begin) == ',') {
            begin++;
        }
        while (end > begin && word.charAt(end - 1) == ',') {
            end--;
        }
        return word.substring(begin, end);
    }

    private void load(Kind kind, String reference) {
        load(kind, reference, false);
    }

    private void load(Kind kind, String reference, boolean pinned) {
        if (reference.isBlank()) {
            return;
        }
        if (resources.size() == MAX_RESOURCES) {
            crowded = true;
            return;
        }
        base.resolve(reference).ifPresent(address -> resources.add(new SubResource(kind, address, pinned)));
    }
}
