package outrider.scheduler.due;

import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import outrider.insight.CheckCatalog;
import outrider.web.Loop;

/// What the schedule needs besides its own classes: the catalogue's checkers, the common clock, and its periodic
/// work.
@Configuration(proxyBeanMethods = false)
class ScheduleConfiguration {

    @Bean
    Checkers checkers() {
        return new Checkers(CheckCatalog.load().checkers());
    }

    @Bean
    DatabaseClock clock(JdbcClient jdbc) {
        return new DatabaseClock(jdbc);
    }

    @Bean
    Loop clockLoop(DatabaseClock clock) {
        return new Loop("clock", Duration.ofSeconds(30), () -> {
            clock.synchronise();
            return false;
        });
    }

    @Bean
    Loop respreadLoop(Plans plans) {
        return new Loop("respread", Duration.ofSeconds(2), plans::respread);
    }

    @Bean
    Loop rollLoop(CheckerRoll roll) {
        return new Loop("roll", Duration.ofSeconds(2), roll::follow);
    }

    @Bean
    Loop retireLoop(CheckerRoll roll) {
        return new Loop("retire", Duration.ofMinutes(1), roll::retire);
    }

    @Bean
    Loop replanLoop(Scopes scopes, TransactionTemplate transactions) {
        return new Loop(
                "replan",
                Duration.ofSeconds(2),
                () -> Boolean.TRUE.equals(transactions.execute(status -> scopes.followPlan())));
    }

    @Bean
    Loop rateLoop(RateKeeper keeper, ScheduleProperties properties) {
        return new Loop("rate", properties.recompute(), keeper::round);
    }
}
