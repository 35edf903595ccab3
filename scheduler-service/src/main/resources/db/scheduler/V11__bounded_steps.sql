-- Large changes reach the scopes some at a time, and whoever dies within one leaves the rest to the next.

-- Up to which asset the scopes have followed whether the checker is in the catalogue; null: all have.
alter table scheduler.checker add column followed_to uuid;

-- Since when an account's change of plan still has to reach its scopes, and up to which asset it has; null: it is done.
alter table scheduler.account
    add column replanned_at timestamptz,
    add column replanned_to uuid;
create index account_replanned on scheduler.account (id) where replanned_at is not null;

-- Whether the population is to be counted soon, because it has changed by much.
alter table scheduler.pace add column recount_asked boolean not null default false;
