package outrider.scheduler.inventory;

import java.net.URI;
import java.time.Instant;
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
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import outrider.scheduler.Paging;
import outrider.web.Caller;
import outrider.web.Page;
import outrider.web.PageToken;
import outrider.web.ProblemException;

/// Accounts by REST.
@RestController
@RequestMapping("/v1/accounts")
final class AccountController {

    private final Inventory inventory;
    private final AccountRepository accounts;

    AccountController(Inventory inventory, AccountRepository accounts) {
        this.inventory = inventory;
        this.accounts = accounts;
    }

    /// @param plan `free`, `pro`, `business` or `enterprise`
    record NewAccount(String name, String plan) {}

    /// What is null stays as it is.
    record AccountChange(@Nullable String name, @Nullable String plan) {}

    record AccountView(UUID id, String name, String plan, Instant createdAt) {

        static AccountView of(Account account) {
            return new AccountView(account.id(), account.name(), Fields.word(account.plan()), account.createdAt());
        }
    }

    @PostMapping
    ResponseEntity<AccountView> create(@RequestBody NewAccount body) {
        onlyForOperators("create accounts");
        var account = inventory.addAccount(Fields.accountName(body.name()), Fields.plan(body.plan()));
        return ResponseEntity.created(URI.create("/v1/accounts/" + account.id()))
                .body(AccountView.of(account));
    }

    @GetMapping
    Page<AccountView> list(
            @RequestParam(required = false) @Nullable Integer limit,
            @RequestParam(name = "page_token", required = false) @Nullable String pageToken) {
        var size = PageToken.limit(limit);
        var found = accounts.list(Caller.current().account(), Paging.after(pageToken), size + 1);
        return Paging.page(found, size, Account::id, AccountView::of);
    }

    @GetMapping("/{id}")
    AccountView get(@PathVariable UUID id) {
        return accounts.find(visible(id)).map(AccountView::of).orElseThrow(AccountController::notFound);
    }

    @PatchMapping("/{id}")
    AccountView change(@PathVariable UUID id, @RequestBody AccountChange body) {
        visible(id);
        if (body.plan() != null) {
            onlyForOperators("change a plan");
        }
        var name = body.name() == null ? null : Fields.accountName(body.name());
        var plan = body.plan() == null ? null : Fields.plan(body.plan());
        return inventory.changeAccount(id, name, plan).map(AccountView::of).orElseThrow(AccountController::notFound);
    }

    /// Deletes the account and everything it owns.
    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(@PathVariable UUID id) {
        if (!inventory.removeAccount(visible(id))) {
            throw notFound();
        }
    }

    private static UUID visible(UUID account) {
        if (!Caller.current().sees(account)) {
            throw notFound();
        }
        return account;
    }

    private static void onlyForOperators(String what) {
        if (Caller.current().account() != null) {
            throw ProblemException.of(
                    HttpStatus.FORBIDDEN, "forbidden", "A token of one account may not %s.".formatted(what));
        }
    }

    private static ProblemException notFound() {
        return ProblemException.notFound("account");
    }
}
