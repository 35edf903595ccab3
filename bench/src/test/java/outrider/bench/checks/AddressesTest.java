package outrider.bench.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import outrider.scan.Endpoint;

class AddressesTest {

    @Test
    void a_child_tells_its_parent_in_one_line() {
        var https = Endpoint.of("https://www.shop.test:8443");
        var http = Endpoint.of("http://www.shop.test:8080");
        var addresses = new Addresses("127.0.0.1:5353", List.of(https, http), List.of(http), List.of(https));

        assertThat(addresses.line()).doesNotContain("\n");
        assertThat(Addresses.of(addresses.line())).isEqualTo(addresses);
    }
}
