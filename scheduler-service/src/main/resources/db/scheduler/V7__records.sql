-- The records of zones. An import writes a generation of its own, which replaces the one before in one moment; what is no longer
-- wanted is deleted later, some at a time.

create table scheduler.record_generation (
    generation bigint generated always as identity primary key,
    asset_id uuid not null,
    state text not null check (state in ('loading', 'current', 'old')),
    since timestamptz not null
);

create unique index record_generation_current on scheduler.record_generation (asset_id) where state = 'current';

create table scheduler.record (
    generation bigint not null,
    position int not null,
    name text not null,
    type text not null,
    ttl bigint not null,
    data text not null,
    primary key (generation, position)
);
