-- Keys of people and scripts. Of a secret there is only its SHA-256: it has 256 random bits, which no slower hash would make safer.
create table scheduler.api_key (
    id uuid primary key,
    name text not null,
    scopes text[] not null check (cardinality(scopes) > 0),
    -- The only account it may see; null: all.
    account_id uuid references scheduler.account on delete cascade,
    created_at timestamptz not null,
    created_by text not null
);

create index api_key_of_account on scheduler.api_key (account_id) where account_id is not null;

-- A key that is being rotated has two.
create table scheduler.api_secret (
    hash bytea primary key check (length(hash) = 32),
    key_id uuid not null references scheduler.api_key on delete cascade,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    last_used_at timestamptz
);

create index api_secret_of_key on scheduler.api_secret (key_id);

-- What operators order here is published like the changes of the inventory: with the transaction that did it.
alter table scheduler.inventory_outbox add column topic text not null default 'outrider-inventory';

-- How many rows of what have been erased of an account that is going.
alter table scheduler.account add column erased jsonb not null default '{}';
