package outrider.checker.check.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// What the name of a cookie tells of its use. Guesses from the names that servers and frameworks give.
final class CookieNames {

    /// Words that a name of a cookie with a session, or with proof of who one is, has in it.
    private static final Set<String> SESSION_WORDS = Set.of(
            "sid",
            "sess",
            "sessid",
            "session",
            "sessionid",
            "auth",
            "token",
            "jwt",
            "login",
            "sso",
            "logged",
            "remember",
            "cfid",
            "cftoken",
            "aspxauth");
    private static final List<String> SESSION_PARTS = List.of("sessionid", "sessid", "aspsession", "aspxauth");

    private static final List<String> SESSION_BEGINNINGS = List.of("sess", "ssess");

    /// Set by load balancers, CDNs and guards against bots in front of the site, as their makers document them; a
    /// star stands for anything.
    private static final List<String> OF_MIDDLEMEN = List.of(
            // Cloudflare
            "__cf_bm",
            "__cflb",
            "__cfruid",
            "__cfseq*",
            "__cfwaitingroom*",
            "__cfduid",
            "_cfuvid",
            "cf_clearance",
            "cf_chl_*",
            "cf_ob_info",
            "cf_use_ob",
            // Amazon
            "awsalb*",
            "awselb*",
            "aws-waf-token",
            // Akamai
            "ak_bmsc",
            "_abck",
            "bm_*",
            "aka_a2",
            "akacd_*",
            // Imperva
            "incap_ses_*",
            "visid_incap_*",
            "nlbi_*",
            "___utm*",
            "reese84",
            // DataDome, HUMAN, Kasada, Sucuri, F5, Azure, Google, HAProxy, ingress-nginx
            "datadome",
            "_px*",
            "kp_uidz*",
            "sucuri_*",
            "bigipserver*",
            "ts0*",
            "arraffinity*",
            "applicationgatewayaffinity*",
            "asp.net_affinity*",
            "gclb",
            "serverid",
            "srv_id",
            "ingresscookie");

    private CookieNames() {}

    /// Whether a machine in front of the site sets it, so that its attributes are not the owner's to choose.
    static boolean isOfMiddleman(String name) {
        var lower = name.toLowerCase(Locale.ROOT);
        return OF_MIDDLEMEN.stream()
                .anyMatch(known -> known.endsWith("*")
                        ? lower.startsWith(known.substring(0, known.length() - 1))
                        : lower.equals(known));
    }

    /// Whether it guards forms against forgery; the page's scripts have to read such a cookie.
    static boolean isAgainstForgery(String name) {
        var lower = name.toLowerCase(Locale.ROOT);
        return lower.contains("csrf")
                || lower.contains("xsrf")
                || lower.contains("antiforgery")
                || lower.contains("requestverification");
    }

    /// Whether who steals it is likely to take over a session.
    static boolean isSession(String name) {
        if (isAgainstForgery(name)) {
            return false;
        }
        var lower = name.toLowerCase(Locale.ROOT);
        return SESSION_PARTS.stream().anyMatch(lower::contains)
                || SESSION_BEGINNINGS.stream().anyMatch(lower::startsWith)
                || words(name).stream().anyMatch(SESSION_WORDS::contains);
    }

    /// The words of a name, in lower case: `accessToken` and `access_token` have two.
    private static List<String> words(String name) {
        var words = new ArrayList<String>();
        var word = new StringBuilder();
        for (var i = 0; i < name.length(); i++) {
            var c = name.charAt(i);
            var begins = Character.isUpperCase(c) && i > 0 && Character.isLowerCase(name.charAt(i - 1));
            if (begins || !Character.isLetter(c)) {
                words.add(word.toString());
                word.setLength(0);
            }
            if (Character.isLetter(c)) {
                word.append(Character.toLowerCase(c));
            }
        }
        words.add(word.toString());
        return words;
    }
}
