-- What customers own, and the records about it that still have to be published.

create table scheduler.plan (
    plan text primary key,
    every interval not null check (every >= interval '1 minute'),
    -- How many scopes there are on this plan, as last counted.
    population bigint not null default 0
);

insert into scheduler.plan (plan, every)
values ('free', interval '7 days')
     , ('pro', interval '3 days')
     , ('business', interval '3 days')
     , ('enterprise', interval '1 day');

create table scheduler.account (
    id uuid primary key,
    name text not null,
    plan text not null references scheduler.plan,
    created_at timestamptz not null
);

create table scheduler.asset (
    id uuid primary key,
    account_id uuid not null references scheduler.account,
    kind text not null check (kind in ('zone', 'host')),
    name text not null,
    endpoints text[] not null,
    created_at timestamptz not null,
    unique (account_id, kind, name)
);

create index asset_by_account on scheduler.asset (account_id, id);

-- Written in the transaction of the change, read in the order of its ids, emptied when the broker has it.
-- Two records of one account or asset never get their ids out of order: whoever writes one holds that row's lock.
create table scheduler.inventory_outbox (
    id bigint generated always as identity primary key,
    key text not null,
    value text not null
);
