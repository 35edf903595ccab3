package outrider.scheduler.inventory;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Component;
import outrider.scan.AssetKind;
import outrider.scan.Endpoint;
import outrider.scan.Ids;
import outrider.scan.Plan;
import outrider.scheduler.Audit;
import outrider.scheduler.Transactions;
import outrider.scheduler.due.Pace;
import outrider.scheduler.due.Scopes;

/// Changes of accounts and assets, each in one transaction with what follows from it: scopes, and the record to
/// publish.
@Component
final class Inventory {

    private static final int DELETE_BATCH = 1_000;

    private final AccountRepository accounts;
    private final AssetRepository assets;
    private final Scopes scopes;
    private final Pace pace;
    private final Records records;
    private final Outbox outbox;
    private final Audit audit;
    private final Transactions transactions;
    private final Clock clock;

    Inventory(
            AccountRepository accounts,
            AssetRepository assets,
            Scopes scopes,
            Pace pace,
            Records records,
            Outbox outbox,
            Audit audit,
            Transactions transactions,
            Clock clock) {
        this.accounts = accounts;
        this.assets = assets;
        this.scopes = scopes;
        this.pace = pace;
        this.records = records;
        this.outbox = outbox;
        this.audit = audit;
        this.transactions = transactions;
        this.clock = clock;
    }

    /// What came of adding an asset.
    sealed interface Addition {

        record Added(Asset asset) implements Addition {}

        /// It is there already, just so.
        record Existed(Asset asset) implements Addition {}

        /// It is there already, with other endpoints.
        record Differs(Asset asset) implements Addition {}

        record NoAccount() implements Addition {}
    }

    /// What came of changing an asset.
    sealed interface Change {

        record Changed(Asset asset) implements Change {}

        /// Another asset of the account has that kind and name.
        record NameTaken(String name) implements Change {}

        record NoAsset() implements Change {}
    }

    Account addAccount(String name, Plan plan) {
        var account = new Account(Ids.next(clock), name, plan, clock.instant());
        transactions.run(() -> {
            accounts.insert(account);
            outbox.add(List.of(account.published(false)));
        });
        return account;
    }

    /// Changes what is not null.
    Optional<Account> changeAccount(UUID id, @Nullable String name, @Nullable Plan plan) {
        return execute(() -> accounts.lock(id).map(before -> {
            var after = new Account(
                    id,
                    Objects.requireNonNullElse(name, before.name()),
                    Objects.requireNonNullElse(plan, before.plan()),
                    before.createdAt());
            if (!after.equals(before)) {
                accounts.update(after);
                outbox.add(List.of(after.published(false)));
            }
            if (after.plan() != before.plan()) {
                scopes.replan(id, clock.instant());
            }
            return after;
        }));
    }

    /// Deletes an account with its assets; false when there is none. It is gone at once; its assets follow, some
    /// at a time, each with its own transaction. Whoever dies within it leaves the rest to [#finishRemovals].
    boolean removeAccount(UUID id) {
        var going = execute(() -> {
            var marked = accounts.markGoing(id);
            if (marked) {
                audit.ordered("account.delete", target(id), null, null);
            }
            return marked;
        });
        if (!going) {
            return false;
        }
        while (removeSome(id)) {}
        return true;
    }

    /// One round: goes on with a deletion that was broken off.
    ///
    /// @return whether there is more to do at once
    boolean finishRemovals() {
        return accounts.going().map(this::removeSome).orElse(false);
    }

    private boolean removeSome(UUID account) {
        return execute(() -> {
            var swept = records.sweepSomeOf(account);
            if (swept.isPresent()) {
                accounts.noteErased(account, "records", swept.getAsInt());
                return true;
            }
            var some = assets.lockSome(account, DELETE_BATCH);
            if (some.isEmpty()) {
                end(account);
                pace.askForRecount();
                return false;
            }
            accounts.noteErased(account, "scopes", scopes.remove(ids(some)));
            accounts.noteErased(account, "assets", some.size());
            assets.delete(ids(some));
            outbox.add(some.stream().map(Asset::erased).toList());
            return true;
        });
    }

    /// The account itself goes last, with the proof of what went before it.
    private void end(UUID account) {
        var erased = accounts.erased(account);
        accounts.delete(account).ifPresent(gone -> {
            outbox.add(List.of(gone.erased()));
            audit.done("account.erase", target(account), erased, Map.of());
        });
    }

    private static String target(UUID account) {
        return "account/" + account;
    }

    private static List<UUID> ids(List<Asset> assets) {
        return assets.stream().map(Asset::id).toList();
    }

    /// Adds an asset, due at once.
    ///
    /// @param endpoints null: whatever it has, or none
    Addition addAsset(UUID account, AssetKind kind, String name, @Nullable List<Endpoint> endpoints) {
        var wanted = new Asset(
                Ids.next(clock), account, kind, name, endpoints == null ? List.of() : endpoints, clock.instant());
        return execute(() -> {
            if (!accounts.hold(account)) {
                return new Addition.NoAccount();
            }
            var asset = assets.insertOrFind(wanted);
            if (!asset.id().equals(wanted.id())) {
                return existing(asset, endpoints);
            }
            scopes.create(List.of(asset.id()), clock.instant());
            outbox.add(List.of(asset.published()));
            return new Addition.Added(asset);
        });
    }

    /// Adds many assets, and answers what came of each, in their order.
    List<Addition> addAssets(UUID account, List<AssetImport.Wanted> wanted) {
        var distinct = new LinkedHashMap<Name, Asset>();
        var now = clock.instant();
        for (var one : wanted) {
            var endpoints = Objects.requireNonNullElse(one.endpoints(), List.<Endpoint>of());
            distinct.putIfAbsent(
                    new Name(one.kind(), one.name()),
                    new Asset(Ids.next(clock), account, one.kind(), one.name(), endpoints, now));
        }
        return execute(() -> {
            if (!accounts.hold(account)) {
                return Collections.<Addition>nCopies(wanted.size(), new Addition.NoAccount());
            }
            var added = new ArrayList<Asset>();
            var known = new HashMap<Name, Asset>();
            var missing = List.copyOf(distinct.values());
            // What is there when it is to be inserted may be deleted before it is found.
            while (!missing.isEmpty()) {
                added.addAll(assets.insertNew(account, missing, now));
                assets.findByName(account, missing).forEach(asset -> known.put(Name.of(asset), asset));
                missing = missing.stream()
                        .filter(asset -> !known.containsKey(Name.of(asset)))
                        .toList();
            }
            scopes.create(added.stream().map(Asset::id).toList(), now);
            outbox.add(added.stream().map(Asset::published).toList());
            return additions(wanted, added, known);
        });
    }

    private record Name(AssetKind kind, String name) {

        static Name of(Asset asset) {
            return new Name(asset.kind(), asset.name());
        }
    }

    private static List<Addition> additions(
            List<AssetImport.Wanted> wanted, List<Asset> added, Map<Name, Asset> known) {
        var fresh = added.stream().map(Name::of).collect(Collectors.toSet());
        return wanted.stream()
                .map(one -> {
                    var name = new Name(one.kind(), one.name());
                    var asset = Objects.requireNonNull(known.get(name));
                    // Of two lines with one name the first adds it.
                    return fresh.remove(name) ? new Addition.Added(asset) : existing(asset, one.endpoints());
                })
                .toList();
    }

    private static Addition existing(Asset asset, @Nullable List<Endpoint> endpoints) {
        return endpoints == null || endpoints.equals(asset.endpoints())
                ? new Addition.Existed(asset)
                : new Addition.Differs(asset);
    }

    /// Changes what is not null; an asset that is no longer what was scanned is due at once. One of another name
    /// has no records: those it had are of the old name.
    Change changeAsset(UUID id, @Nullable String name, @Nullable List<Endpoint> endpoints) {
        try {
            return execute(() -> assets.lock(id)
                    .<Change>map(before -> new Change.Changed(change(before, name, endpoints)))
                    .orElseGet(Change.NoAsset::new));
        } catch (DuplicateKeyException e) {
            return new Change.NameTaken(String.valueOf(name));
        }
    }

    private Asset change(Asset before, @Nullable String name, @Nullable List<Endpoint> endpoints) {
        var after = new Asset(
                before.id(),
                before.accountId(),
                before.kind(),
                Objects.requireNonNullElse(name, before.name()),
                Objects.requireNonNullElse(endpoints, before.endpoints()),
                before.createdAt(),
                before.revision());
        if (after.equals(before)) {
            return before;
        }
        if (!after.name().equals(before.name())) {
            records.drop(after.id(), clock.instant());
        }
        var revised = assets.update(after);
        scopes.hasten(after.id(), clock.instant());
        outbox.add(List.of(revised.published()));
        return revised;
    }

    /// Deletes an asset; false when there is none.
    boolean removeAsset(UUID id) {
        return execute(() -> {
            var asset = assets.lock(id);
            asset.ifPresent(this::remove);
            return asset.isPresent();
        });
    }

    private void remove(Asset gone) {
        var ids = List.of(gone.id());
        scopes.remove(ids);
        records.retire(ids, clock.instant());
        assets.delete(ids);
        outbox.add(List.of(gone.deleted()));
    }

    private <T> T execute(Supplier<T> change) {
        return transactions.execute(change);
    }
}
