package outrider.checker.scan;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import outrider.embedded.TestBroker;

/// A topic that takes nothing, a moment after this was made and until it is closed.
public final class UnwritableTopic implements AutoCloseable {
    private final Admin admin =
            Admin.create(Map.of("bootstrap.servers", TestBroker.shared().bootstrapServers()));
    private final String topic;

    public UnwritableTopic(String topic) throws ExecutionException, InterruptedException {
        this.topic = topic;
        set(AlterConfigOp.OpType.SET);
    }

    private void set(AlterConfigOp.OpType type) throws ExecutionException, InterruptedException {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        var limit = new AlterConfigOp(new ConfigEntry("max.message.bytes", "1"), type);
        admin.incrementalAlterConfigs(Map.of(resource, List.of(limit))).all().get();
    }

    @Override
    public void close() throws ExecutionException, InterruptedException {
        set(AlterConfigOp.OpType.DELETE);
        admin.close();
    }
}
