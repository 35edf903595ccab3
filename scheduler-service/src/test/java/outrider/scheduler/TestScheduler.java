package outrider.scheduler;

import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import outrider.embedded.TestBroker;
import outrider.embedded.TestDatabase;
import outrider.insight.CheckCatalog;
import outrider.scan.AuditRecord;
import outrider.scan.Ids;
import outrider.scan.Topics;
import outrider.scan.Wire;
import outrider.scheduler.due.DueFloor;
import outrider.scheduler.due.Scopes;
import outrider.web.Loop;
import outrider.web.TokenSigner;

/// The whole scheduler on the shared broker and a real database.
///
/// By hand: its clock stands still, its loops do nothing and it hears no outcomes, so that a test makes every
/// round. On a clock of the test's: only that stands still. Running: as deployed.
public final class TestScheduler implements AutoCloseable {

    private static final Path KEYS = temporary();
    private static final TokenSigner SIGNER = signer();

    private final ConfigurableApplicationContext context;

    private TestScheduler(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /// The one by hand that all tests share, empty again.
    public static TestScheduler byHand() {
        return emptied(Shared.SCHEDULER);
    }

    /// Likewise, another one, which plans its statements as it would with millions of rows: by looking up each.
    public static TestScheduler asWithMillions() {
        return emptied(Large.SCHEDULER);
    }

    private static TestScheduler emptied(TestScheduler scheduler) {
        scheduler
                .jdbc()
                .sql(
                        "truncate scheduler.account, scheduler.asset, scheduler.scope, scheduler.batch, scheduler.open_scan, scheduler.outbox, scheduler.on_demand_quota, scheduler.record, scheduler.record_generation, scheduler.api_key, scheduler.api_secret")
                .update();
        scheduler.jdbc().sql("delete from scheduler.pace").update();
        scheduler.jdbc().sql("insert into scheduler.pace default values").update();
        scheduler
                .jdbc()
                .sql("update scheduler.outbox_lease set held_until = '-infinity'")
                .update();
        scheduler.bean(DueFloor.class).reset();
        scheduler.jdbc().sql("""
                update scheduler.plan
                   set population = 0, never_scanned = 0, fresh = 0, changed_at = null, respread_to = null
                     , anchor = '1970-01-01 00:00:00+00'
                     , every = case plan when 'free' then interval '7 days' when 'enterprise' then '1 day' else '3 days' end
                """).update();
        return scheduler;
    }

    public static TestScheduler byHand(String jdbcUrl, String... settings) {
        return start(
                jdbcUrl,
                Stream.concat(Stream.of("spring.kafka.listener.auto-startup=false"), Stream.of(settings)),
                StandingClock.class,
                ByHand.class);
    }

    /// One whose loops turn as deployed, from its start by that clock; it hears no outcomes.
    public static TestScheduler onClock(SettableClock clock, String jdbcUrl, String... settings) {
        var more = Stream.concat(Stream.of("spring.kafka.listener.auto-startup=false"), Stream.of(settings));
        ApplicationContextInitializer<GenericApplicationContext> initializer =
                context -> context.registerBean(SettableClock.class, () -> clock, bean -> bean.setPrimary(true));
        return new TestScheduler(SchedulerApplication.builder()
                .initializers(initializer)
                .run(settings(0, jdbcUrl, more).toArray(String[]::new)));
    }

    public static TestScheduler running(String jdbcUrl, String... settings) {
        return start(jdbcUrl, Stream.of(settings));
    }

    private static TestScheduler start(String jdbcUrl, Stream<String> settings, Class<?>... more) {
        var arguments = settings(0, jdbcUrl, settings).toArray(String[]::new);
        return new TestScheduler(SchedulerApplication.builder().sources(more).run(arguments));
    }

    /// What a scheduler is told on its command line; of settings with one name the last counts.
    public static List<String> settings(int port, String jdbcUrl, Stream<String> more) {
        var fixed = Stream.of(
                "spring.datasource.url=" + jdbcUrl,
                "spring.kafka.bootstrap-servers=" + TestBroker.shared().bootstrapServers(),
                "outrider.tokens.jwks=" + KEYS.resolve("jwks.json"),
                "outrider.keys.signing=" + KEYS.resolve("token-key.json"),
                "outrider.kafka.partitions=5",
                "management.tracing.sampling.probability=1",
                "management.opentelemetry.tracing.export.schedule-delay=20ms",
                "server.port=" + port);
        var all = new LinkedHashMap<String, String>();
        Stream.concat(fixed, more).forEach(setting -> all.put(setting.replaceFirst("=.*", ""), "--" + setting));
        return List.copyOf(all.values());
    }

    /// How many checkers there are: two of the tests' own, `alpha` (fast) and `omega` (slow), and those of the
    /// release.
    public static int checkers() {
        return CheckCatalog.load().checkers().size();
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    public SettableClock clock() {
        return bean(SettableClock.class);
    }

    public JdbcClient jdbc() {
        return bean(JdbcClient.class);
    }

    public Http http() {
        return new Http(Integer.parseInt(context.getEnvironment().getProperty("local.server.port", "0")));
    }

    public static String token(Set<String> scopes, UUID account) {
        return SIGNER.mint("tester", scopes, account, Duration.ofHours(1));
    }

    public UUID account(String plan) {
        var id = Ids.next(Clock.systemUTC());
        jdbc().sql("insert into scheduler.account values (:id, 'Example', :plan, now())")
                .param("id", id)
                .param("plan", plan)
                .update();
        return id;
    }

    public UUID asset(UUID account, String name, Instant due) {
        return assets(account, List.of(name), due).getFirst();
    }

    /// Adds zones `a0.example` and so on.
    public List<UUID> assets(UUID account, int count, Instant due) {
        return assets(
                account,
                IntStream.range(0, count).mapToObj("a%d.example"::formatted).toList(),
                due);
    }

    private List<UUID> assets(UUID account, List<String> names, Instant due) {
        var ids = names.stream().map(name -> Ids.next(Clock.systemUTC())).toList();
        jdbc().sql("""
                insert into scheduler.asset (id, account_id, kind, name, endpoints, created_at)
                select id, :account, 'zone', name, '{}', now() from unnest(:ids, :names) as t (id, name)
                """)
                .param("account", account)
                .param("ids", Sql.array("uuid", ids, id -> id))
                .param("names", Sql.array("text", names, name -> name))
                .update();
        bean(Scopes.class).create(ids, due);
        // All of them, however many: those of new assets would come in turn.
        jdbc().sql("update scheduler.scope set next_due = :due where asset_id = any (:ids)")
                .param("due", Sql.at(due))
                .param("ids", Sql.array("uuid", ids, id -> id))
                .update();
        // It may be in the past, where a claim that has got further does not look at once.
        bean(DueFloor.class).reset();
        return ids;
    }

    /// Says that all open scans have begun.
    public void startAll() {
        jdbc().sql("update scheduler.scope set started_at = attempted_at where scan_id is not null")
                .update();
    }

    /// Ends open scans without a word of how.
    ///
    /// @param reported whether as if they had been reported when they were begun
    public void forgetOpen(boolean reported) {
        jdbc().sql("""
                update scheduler.scope
                   set scan_id = null, batch = null, ordinal = null, started_at = null, missed = false
                     , reported_at = case when :reported then attempted_at else reported_at end
                 where scan_id is not null
                """).param("reported", reported).update();
        jdbc().sql("truncate scheduler.open_scan, scheduler.batch").update();
    }

    /// What is noted of that target and not sent yet, in order.
    public List<AuditRecord> audited(String target) {
        return jdbc()
                .sql("select value from scheduler.outbox where topic = :topic and key = :key order by id")
                .param("topic", Topics.AUDIT)
                .param("key", target)
                .query(String.class)
                .list()
                .stream()
                .map(value -> Wire.read(value.getBytes(StandardCharsets.UTF_8), AuditRecord.class))
                .toList();
    }

    @Override
    public void close() {
        context.close();
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("outrider-keys-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TokenSigner signer() {
        try {
            return TokenSigner.open(KEYS, Clock.systemUTC());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Shared {
        static final TestScheduler SCHEDULER = byHand(TestDatabase.fresh());
    }

    private static final class Large {
        static final TestScheduler SCHEDULER = byHand(
                TestDatabase.fresh(),
                "spring.datasource.hikari.connection-init-sql=set enable_hashjoin = off; set enable_mergejoin = off; set enable_seqscan = off");
    }

    /// No `@Configuration`: the application's scan would find it.
    static class StandingClock {

        @Bean
        @Primary
        SettableClock settableClock() {
            return new SettableClock();
        }
    }

    /// No `@Configuration`: the application's scan would find it.
    static class ByHand {

        @Bean
        InMemorySpanExporter spans() {
            return InMemorySpanExporter.create();
        }

        @Bean
        static BeanPostProcessor stillLoops() {
            return new BeanPostProcessor() {
                @Override
                public Object postProcessAfterInitialization(Object bean, String name) {
                    return bean instanceof Loop loop ? new Loop(loop.name(), Duration.ofDays(1), () -> false) : bean;
                }
            };
        }
    }
}
