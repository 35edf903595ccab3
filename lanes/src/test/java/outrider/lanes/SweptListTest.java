package outrider.lanes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SweptListTest {
    private final SweptList<Unsettled> list = new SweptList<>();

    @Test
    void the_first_is_the_oldest_that_has_not_left() {
        var members = IntStream.range(0, 3).mapToObj(this::add).toList();
        leave(members.get(1));
        leave(members.get(0));
        assertThat(list.first()).contains(members.get(2));
        assertThat(list.present()).containsExactly(members.get(2));
        leave(members.get(2));
        assertThat(list.first()).isEmpty();
    }

    @Test
    void counts_right_while_many_leave_at_once() throws InterruptedException {
        var members = IntStream.range(0, 10_000).mapToObj(this::add).toList();
        var start = new CountDownLatch(1);
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 4; i++) {
            int part = i;
            threads.add(Thread.ofVirtual().start(() -> {
                await(start);
                for (int at = part; at < 9_999; at += 4) {
                    leave(members.get(at));
                }
            }));
        }
        start.countDown();
        for (var thread : threads) {
            thread.join();
        }
        assertThat(list.size()).isEqualTo(1);
        assertThat(list.present()).containsExactly(members.getLast());
    }

    private Unsettled add(long offset) {
        var member = new Unsettled(offset, 0);
        list.add(member);
        return member;
    }

    private void leave(Unsettled member) {
        if (member.settle()) {
            list.left();
        }
    }

    private static void await(CountDownLatch start) {
        try {
            start.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
