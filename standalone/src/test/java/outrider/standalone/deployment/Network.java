package outrider.standalone.deployment;

import io.fabric8.kubernetes.api.model.networking.v1.IPBlock;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import java.math.BigInteger;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/// What the network policies let out of a pod.
record Network(List<NetworkPolicy> policies) {

    static Network of(Manifests manifests) {
        return new Network(manifests.all(NetworkPolicy.class).toList());
    }

    /// Whether some policy holds for the pods in that direction, `Ingress` or `Egress`: without one all is allowed.
    boolean restricts(Workload workload, String direction) {
        return of(workload).anyMatch(policy -> policy.getSpec().getPolicyTypes().contains(direction));
    }

    /// Whether the pods may dial an address outside.
    boolean reaches(Workload workload, String address) {
        var dialled = InetAddress.ofLiteral(address);
        return peers(workload)
                .map(NetworkPolicyPeer::getIpBlock)
                .filter(Objects::nonNull)
                .anyMatch(block -> allows(block, dialled));
    }

    /// Whether they may dial pods of this namespace with those labels.
    boolean reaches(Workload workload, Map<String, String> labels) {
        return peers(workload)
                .filter(peer -> peer.getNamespaceSelector() == null && peer.getPodSelector() != null)
                .map(peer -> peer.getPodSelector().getMatchLabels())
                .anyMatch(wanted -> labels.entrySet().containsAll(wanted.entrySet()));
    }

    /// Whether some rule lets them dial whomever they like.
    boolean reachesAll(Workload workload) {
        return rules(workload)
                .anyMatch(rule -> rule.getTo() == null || rule.getTo().isEmpty());
    }

    private Stream<NetworkPolicyPeer> peers(Workload workload) {
        return rules(workload).flatMap(rule -> rule.getTo().stream());
    }

    private Stream<NetworkPolicyEgressRule> rules(Workload workload) {
        return of(workload).flatMap(policy -> policy.getSpec().getEgress().stream());
    }

    private Stream<NetworkPolicy> of(Workload workload) {
        return policies.stream()
                .filter(policy -> workload.isSelectedBy(policy.getSpec().getPodSelector()));
    }

    private static boolean allows(IPBlock block, InetAddress address) {
        return contains(block.getCidr(), address)
                && block.getExcept().stream().noneMatch(except -> contains(except, address));
    }

    private static boolean contains(String range, InetAddress address) {
        var slash = range.indexOf('/');
        var first = InetAddress.ofLiteral(range.substring(0, slash)).getAddress();
        var other = address.getAddress();
        var hostBits = first.length * 8 - Integer.parseInt(range.substring(slash + 1));
        return first.length == other.length
                && new BigInteger(1, first).shiftRight(hostBits).equals(new BigInteger(1, other).shiftRight(hostBits));
    }
}
