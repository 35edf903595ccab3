package outrider.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static outrider.standalone.FleetOfProcesses.CHECKER;
import static outrider.standalone.FleetOfProcesses.INSIGHTS;
import static outrider.standalone.FleetOfProcesses.SCHEDULER;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import javax.net.ssl.SSLException;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import outrider.embedded.EmbeddedBroker;
import outrider.embedded.EmbeddedDatabase;
import outrider.embedded.FreePort;
import outrider.embedded.TestDatabase;
import outrider.embedded.site.CertificateAuthority;
import outrider.embedded.site.Identity;
import outrider.embedded.site.KeyKind;
import outrider.embedded.site.Leaf;

/// The fleet where the broker and the database take nobody without a certificate, and the password comes from a
/// file; every log at DEBUG.
class TlsTest {

    private static final String PASSWORD = "correct-horse-battery";

    @TempDir
    static Path home;

    private final CertificateAuthority authority = CertificateAuthority.root("Fleet", KeyKind.EC_P256);
    private final Identity server = authority.issue(Leaf.named("127.0.0.1"));
    private final Identity client = authority.issue(Leaf.named("outrider"));

    @Test
    void scans_over_mutual_tls_only_and_writes_no_secret_into_a_log() throws Exception {
        var broker = EmbeddedBroker.start(home.resolve("kafka"), 0, mutualTls());
        var database = database();
        try (var fleet = new FleetOfProcesses(home, broker, database, settings(database))) {
            fleet.startAll();

            var secret = fleet.post(SCHEDULER, "/admin/keys", "{\"name\":\"script\",\"scopes\":[\"insights:read\"]}")
                    .get("secret")
                    .asString();
            var token = fleet.post(SCHEDULER, "/v1/tokens", "{\"key\":\"%s\"}".formatted(secret))
                    .get("token")
                    .asString();
            scan(fleet);

            assertThat(PASSWORD).isEqualTo(Files.readString(home.resolve("secrets/spring.datasource.password")));
            var secrets = List.of(
                    PASSWORD,
                    client.keyPem().lines().skip(1).findFirst().orElseThrow(),
                    signature(Files.readString(home.resolve("checker.token"))),
                    signature(fleet.token()),
                    signature(token),
                    secret);
            for (var service : List.of(SCHEDULER, INSIGHTS, CHECKER)) {
                assertThat(told(fleet, service, secrets)).as(service).isEmpty();
            }
            assertThatThrownBy(() -> withoutCertificate(broker)).hasRootCauseInstanceOf(SSLException.class);
            assertThatThrownBy(() -> withoutCertificate(database))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("certificate");
        }
    }

    private static void scan(FleetOfProcesses fleet) {
        var account = fleet.account(SCHEDULER, "Shop", "PRO");
        var asset = fleet.post(
                        SCHEDULER,
                        "/v1/accounts/" + account + "/assets",
                        "{\"kind\":\"HOST\",\"name\":\"shop.test\",\"endpoints\":[\"https://shop.test:1\"]}")
                .get("id")
                .asString();
        var scans = fleet.order(SCHEDULER, "{\"asset_id\":\"%s\",\"checkers\":[\"tls\"]}".formatted(asset));
        fleet.awaitReported(SCHEDULER, scans, Duration.ofMinutes(1));
        assertThat(fleet.get(INSIGHTS, "/v1/coverage?asset_id=" + asset).get("items"))
                .isNotEmpty();
    }

    /// The lines of a service's log that hold a secret.
    private static List<String> told(FleetOfProcesses fleet, String service, List<String> secrets) throws IOException {
        var told = new ArrayList<String>();
        var debug = false;
        try (var lines = Files.newBufferedReader(fleet.log(service).toPath())) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                debug |= line.contains(" DEBUG ");
                if (secrets.stream().anyMatch(line::contains)) {
                    told.add(line);
                }
            }
        }
        assertThat(debug).isTrue();
        return told;
    }

    /// Whoever has it has the token.
    private static String signature(String token) {
        return token.strip().substring(token.lastIndexOf('.') + 1);
    }

    private Map<String, String> mutualTls() {
        return Map.of(
                "listener.security.protocol.map", "CLIENTS:SSL,CONTROLLER:PLAINTEXT",
                "ssl.client.auth", "required",
                "ssl.keystore.type", "PEM",
                "ssl.keystore.certificate.chain", server.chainPem(),
                "ssl.keystore.key", server.keyPem(),
                "ssl.truststore.type", "PEM",
                "ssl.truststore.certificates", authority.pem());
    }

    private EmbeddedDatabase database() throws IOException, SQLException {
        TestDatabase.shared(); // servers share the binaries of the first
        // The last line alone is what a deployment has; the first is for whoever sets it up.
        write("pg_hba.conf", """
                host    all   postgres 127.0.0.1/32 trust
                hostssl fleet outrider 127.0.0.1/32 scram-sha-256 clientcert=verify-full
                """);
        var database = EmbeddedDatabase.start(
                home.resolve("pg"),
                0,
                Map.of(
                        "ssl", "on",
                        "ssl_cert_file", write("server.crt", server.chainPem()),
                        "ssl_key_file", write("server.key", server.keyPem()),
                        "ssl_ca_file", write("ca.crt", authority.pem()),
                        "hba_file", home.resolve("pg_hba.conf").toString()));
        database.createDatabase("fleet");
        try (var connection = DriverManager.getConnection(database.jdbcUrl("fleet"));
                var statement = connection.createStatement()) {
            statement.execute("create role outrider login password '%s'".formatted(PASSWORD));
            statement.execute("grant create on database fleet to outrider");
        }
        return database;
    }

    private Map<String, String> settings(EmbeddedDatabase database) throws IOException {
        Files.createDirectories(home.resolve("secrets"));
        write("secrets/spring.datasource.password", PASSWORD);
        var certificate = write("client.crt", client.chainPem());
        var key = write("client.key", client.keyPem());
        var settings = new HashMap<String, String>();
        settings.put("OUTRIDER_SECRETS", home.resolve("secrets").toString());
        settings.put("LOGGING_LEVEL_ROOT", "DEBUG");
        settings.put("OUTRIDER_DNS_RESOLVER", "127.0.0.1:" + FreePort.find());
        settings.put("SPRING_KAFKA_SECURITY_PROTOCOL", "SSL");
        settings.put("SPRING_KAFKA_SSL_BUNDLE", "fleet");
        settings.put("SPRING_SSL_BUNDLE_PEM_FLEET_KEYSTORE_CERTIFICATE", "file:" + certificate);
        settings.put("SPRING_SSL_BUNDLE_PEM_FLEET_KEYSTORE_PRIVATEKEY", "file:" + key);
        settings.put("SPRING_SSL_BUNDLE_PEM_FLEET_TRUSTSTORE_CERTIFICATE", "file:" + home.resolve("ca.crt"));
        settings.put(
                "SPRING_DATASOURCE_URL",
                "jdbc:postgresql://127.0.0.1:%d/fleet?sslmode=verify-full&sslrootcert=%s&sslcert=%s&sslkey=%s&pemKeyAlgorithm=EC"
                        .formatted(database.port(), home.resolve("ca.crt"), certificate, key));
        settings.put("SPRING_DATASOURCE_USERNAME", "outrider");
        return settings;
    }

    private static void withoutCertificate(EmbeddedBroker broker) throws ExecutionException, InterruptedException {
        var trusting = Map.<String, Object>of(
                "bootstrap.servers", broker.bootstrapServers(),
                "security.protocol", "SSL",
                "ssl.truststore.type", "PEM",
                "ssl.truststore.location", home.resolve("ca.crt").toString(),
                "default.api.timeout.ms", "10000",
                "request.timeout.ms", "5000");
        try (var admin = Admin.create(trusting)) {
            admin.listTopics().names().get();
        }
    }

    private static void withoutCertificate(EmbeddedDatabase database) throws SQLException {
        var login = new Properties();
        login.put("user", "outrider");
        login.put("password", PASSWORD);
        DriverManager.getConnection(
                        "jdbc:postgresql://127.0.0.1:%d/fleet?sslmode=verify-full&sslrootcert=%s"
                                .formatted(database.port(), home.resolve("ca.crt")),
                        login)
                .close();
    }

    /// A file that only its owner may read.
    private static String write(String name, String text) throws IOException {
        var file = home.resolve(name);
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file.toString();
    }
}
