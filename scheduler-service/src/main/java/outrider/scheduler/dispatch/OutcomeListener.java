package outrider.scheduler.dispatch;

import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;
import outrider.scan.Topics;

/// Hears from the checkers how scans went. What it returns from is stored; only then does the group move on.
@Component
final class OutcomeListener {

    private final OutcomeInbox inbox;

    OutcomeListener(OutcomeInbox inbox) {
        this.inbox = inbox;
    }

    @KafkaListener(id = "scan-outcomes", groupId = "outrider.scheduler", topics = Topics.OUTCOMES, batch = "true")
    void onOutcomes(List<ConsumerRecord<String, byte[]>> records) {
        inbox.accept(records);
    }
}
