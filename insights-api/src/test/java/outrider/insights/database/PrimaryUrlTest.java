package outrider.insights.database;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Properties;
import org.junit.jupiter.api.Test;

class PrimaryUrlTest {

    @Test
    void several_hosts_need_the_primary() {
        assertThatThrownBy(() -> PrimaryUrl.require("jdbc:postgresql://one,two:5433/outrider", new Properties()))
                .hasMessageContaining("one,two with targetServerType=any")
                .hasMessageContaining("say targetServerType=primary");
        assertThatThrownBy(() -> PrimaryUrl.require(
                        "jdbc:postgresql://one,two/outrider?targetServerType=preferSecondary", primary()))
                .hasMessageContaining("targetServerType=preferSecondary");
    }

    @Test
    void the_setting_beside_the_url_is_as_good_as_in_it() {
        assertThatCode(() -> PrimaryUrl.require("jdbc:postgresql://one,two:5433/outrider", primary()))
                .doesNotThrowAnyException();
        assertThatCode(() -> PrimaryUrl.require("jdbc:postgresql://one/outrider", new Properties()))
                .doesNotThrowAnyException();
    }

    @Test
    void only_postgresql_will_do() {
        assertThatThrownBy(() -> PrimaryUrl.require("jdbc:mysql://one/outrider", new Properties()))
                .hasMessageContaining("must begin with jdbc:postgresql:");
    }

    private static Properties primary() {
        var properties = new Properties();
        properties.setProperty("targetServerType", "primary");
        return properties;
    }
}
