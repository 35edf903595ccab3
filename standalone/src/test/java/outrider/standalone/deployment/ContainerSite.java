package outrider.standalone.deployment;

import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import outrider.embedded.site.Behaviour;
import outrider.embedded.site.CertificateAuthority;
import outrider.embedded.site.Leaf;
import outrider.embedded.site.LoopbackDns;
import outrider.embedded.site.LoopbackSite;

/// The outside world of the fleet in containers, in a container of its own: a slow web server, and a resolver that
/// leads every name below `shop.test` to it and knows no other.
final class ContainerSite {

    private ContainerSite() {}

    public static void main(String[] arguments) throws Exception {
        var own = InetAddress.ofLiteral(arguments[0]);
        var page = Behaviour.page("<!doctype html><title>Shop</title>");
        var identity = CertificateAuthority.selfSigned(Leaf.named("*.shop.test"));
        try (var dns = LoopbackDns.start(own, 53).zone("shop.test", "* 300 IN A " + arguments[0] + "\n");
                var site = LoopbackSite.https(own, 443, identity)) {
            site.answer(new Behaviour.Drip(page, Duration.ofMillis(3)));
            System.out.println("Serving " + dns.port());
            new CountDownLatch(1).await();
        }
    }
}
