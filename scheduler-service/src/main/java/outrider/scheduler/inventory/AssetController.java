package outrider.scheduler.inventory;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import outrider.scan.Endpoint;
import outrider.scheduler.Paging;
import outrider.web.Caller;
import outrider.web.Page;
import outrider.web.PageToken;
import outrider.web.ProblemException;

/// Assets by REST.
@RestController
final class AssetController {

    private final Inventory inventory;
    private final AccountRepository accounts;
    private final AssetRepository assets;

    AssetController(Inventory inventory, AccountRepository accounts, AssetRepository assets) {
        this.inventory = inventory;
        this.accounts = accounts;
        this.assets = assets;
    }

    /// @param kind `zone` or `host`
    /// @param endpoints `https://host` or `https://host:port`; null: as they are, or derived from the name
    record NewAsset(String kind, String name, @Nullable List<@Nullable String> endpoints) {}

    /// What is null stays as it is; `endpoints: []` goes back to those derived from the name.
    record AssetChange(@Nullable String name, @Nullable List<@Nullable String> endpoints) {}

    record AssetView(UUID id, UUID accountId, String kind, String name, List<Endpoint> endpoints, Instant createdAt) {

        static AssetView of(Asset asset) {
            return new AssetView(
                    asset.id(),
                    asset.accountId(),
                    Fields.word(asset.kind()),
                    asset.name(),
                    asset.endpoints(),
                    asset.createdAt());
        }
    }

    /// Adds an asset: 201. One that is there already, by kind and name, is answered with 200 and its id, so that
    /// the request can be repeated; if it names other endpoints than those, that is a conflict, and nothing is
    /// changed.
    @PostMapping("/v1/accounts/{id}/assets")
    ResponseEntity<AssetView> create(@PathVariable UUID id, @RequestBody NewAsset body) {
        var kind = Fields.kind(body.kind());
        var name = Fields.assetName(kind, body.name());
        var endpoints = Fields.endpoints(body.endpoints());
        return switch (inventory.addAsset(visible(id), kind, name, endpoints)) {
            case Inventory.Addition.Added(var asset) ->
                ResponseEntity.created(URI.create("/v1/assets/" + asset.id())).body(AssetView.of(asset));
            case Inventory.Addition.Existed(var asset) -> ResponseEntity.ok(AssetView.of(asset));
            case Inventory.Addition.Differs(var asset) ->
                throw ProblemException.conflict(
                        "endpoints: the asset %s is there already with other endpoints; change it with PATCH /v1/assets/%s"
                                .formatted(asset.name(), asset.id()));
            case Inventory.Addition.NoAccount() -> throw ProblemException.notFound("account");
        };
    }

    /// The assets of an account; with `kind` and `name` only those of the kind, and whose names begin so.
    @GetMapping("/v1/accounts/{id}/assets")
    Page<AssetView> list(
            @PathVariable UUID id,
            @RequestParam(required = false) @Nullable String kind,
            @RequestParam(required = false) @Nullable String name,
            @RequestParam(required = false) @Nullable Integer limit,
            @RequestParam(name = "page_token", required = false) @Nullable String pageToken) {
        if (accounts.find(visible(id)).isEmpty()) {
            throw ProblemException.notFound("account");
        }
        var size = PageToken.limit(limit);
        var filter = new AssetRepository.Filter(
                kind == null ? null : Fields.kind(kind), name == null ? null : Fields.namePrefix(name));
        var found = assets.list(id, filter, Paging.after(pageToken), size + 1);
        return Paging.page(found, size, Asset::id, AssetView::of);
    }

    @GetMapping("/v1/assets/{id}")
    AssetView get(@PathVariable UUID id) {
        return AssetView.of(seen(id));
    }

    @PatchMapping("/v1/assets/{id}")
    AssetView change(@PathVariable UUID id, @RequestBody AssetChange body) {
        var kind = seen(id).kind();
        var name = body.name() == null ? null : Fields.assetName(kind, body.name());
        return switch (inventory.changeAsset(id, name, Fields.endpoints(body.endpoints()))) {
            case Inventory.Change.Changed(var asset) -> AssetView.of(asset);
            case Inventory.Change.NameTaken(var taken) ->
                throw ProblemException.conflict(
                        "name: the account has another %s called %s".formatted(Fields.word(kind), taken));
            case Inventory.Change.NoAsset() -> throw ProblemException.notFound("asset");
        };
    }

    @DeleteMapping("/v1/assets/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(@PathVariable UUID id) {
        if (!inventory.removeAsset(seen(id).id())) {
            throw ProblemException.notFound("asset");
        }
    }

    private Asset seen(UUID id) {
        return assets.find(id)
                .filter(asset -> Caller.current().sees(asset.accountId()))
                .orElseThrow(() -> ProblemException.notFound("asset"));
    }

    private static UUID visible(UUID account) {
        if (!Caller.current().sees(account)) {
            throw ProblemException.notFound("account");
        }
        return account;
    }
}
