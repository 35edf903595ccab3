package outrider.checker.egress;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.AccessTarget.ConstructorCallTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URL;
import java.net.URLConnection;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Holds the wall around what opens connections: whoever looks at assets does it through the guard.
class EgressWallTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("outrider.checker");

    private static final List<Class<?>> SOCKETS =
            List.of(Socket.class, ServerSocket.class, DatagramSocket.class, URLConnection.class);

    private static final Set<String> RESOLVING = Set.of("getByName", "getAllByName", "getLocalHost", "isReachable");
    private static final Set<String> FETCHING = Set.of("openStream", "openConnection", "getContent");

    @Test
    void only_egress_opens_connections() {
        noClasses()
                .that()
                .resideOutsideOfPackages("outrider.checker.egress..", "outrider.checker.report..")
                .should()
                .dependOnClassesThat(describe("open connections", EgressWallTest::opensConnections))
                .because("only outrider.checker.egress asks the guard; report speaks to our own API alone")
                .check(CLASSES);
    }

    @Test
    void nobody_resolves_or_fetches_by_the_platforms_own_means() {
        noClasses()
                .that()
                .resideOutsideOfPackages("outrider.checker.egress..", "outrider.checker.report..")
                .should()
                .accessTargetWhere(describe("resolve or fetch", EgressWallTest::resolvesOrFetches))
                .because("a name that is resolved twice may lead to two addresses, of which one was checked")
                .check(CLASSES);
    }

    /// Names of our own configuration are no stranger's: they lead to the resolver and to what the guard refuses.
    @Test
    void within_egress_only_our_own_names_are_resolved_by_the_platform() {
        noClasses()
                .that()
                .resideInAPackage("outrider.checker.egress..")
                .and()
                .areNotAssignableTo(OwnServices.class)
                .and()
                .areNotAssignableTo(DnsProperties.class)
                .should()
                .accessTargetWhere(describe("resolve or fetch", EgressWallTest::resolvesOrFetches))
                .because("an asset's name is resolved once, by Dns, and the guard judges what it leads to")
                .check(CLASSES);
    }

    private static boolean opensConnections(JavaClass used) {
        var parent = used.getPackageName();
        // The public suffix list comes with the HTTP client and dials nobody.
        var client = parent.startsWith("org.apache.hc.") && !parent.startsWith("org.apache.hc.client5.http.psl");
        return client
                || parent.startsWith("java.net.http")
                || parent.startsWith("java.nio.channels")
                || parent.startsWith("javax.net.ssl") && used.getSimpleName().contains("Socket")
                || parent.startsWith("javax.naming")
                || parent.startsWith("org.xbill.DNS")
                || parent.startsWith("java.rmi")
                || parent.equals("javax.net")
                || parent.startsWith("io.netty")
                || parent.startsWith("org.springframework.web.client")
                || parent.startsWith("org.springframework.web.reactive")
                || parent.startsWith("org.springframework.http.client")
                || used.isEquivalentTo(ProcessBuilder.class)
                || SOCKETS.stream().anyMatch(used::isAssignableTo);
    }

    private static boolean resolvesOrFetches(JavaAccess<?> access) {
        var owner = access.getTargetOwner();
        return owner.isAssignableTo(InetAddress.class) && RESOLVING.contains(access.getName())
                || access.getTarget() instanceof ConstructorCallTarget made
                        && owner.isAssignableTo(InetSocketAddress.class)
                        && made.getRawParameterTypes().getFirst().isEquivalentTo(String.class)
                || owner.isEquivalentTo(URL.class) && FETCHING.contains(access.getName());
    }
}
