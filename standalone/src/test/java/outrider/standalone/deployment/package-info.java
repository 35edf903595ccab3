/// What is deployed: the manifests, the compose file, and the fleet in containers.
@NullMarked
package outrider.standalone.deployment;

import org.jspecify.annotations.NullMarked;
