-- What is due. One row per (asset, checker) holds all there is to know: when it is next due, its open scan, its last closed one.

create table scheduler.checker (
    checker text primary key,
    active boolean not null
);

-- The first instant after `after` at which an asset is due. Every asset has a phase of its own within the interval, taken from a
-- hash of its id, so that a population is due evenly and stays so, however late single scans were.
-- Exact arithmetic in microseconds: an instant that is a due time itself must give the next one.
create function scheduler.next_due(asset_id uuid, after timestamptz, every interval) returns timestamptz
    language sql immutable strict parallel safe
    return (
        with period as (
            select (extract(epoch from every) * 1000000)::bigint as micros
                 , (extract(epoch from after) * 1000000)::bigint as after
        ), phase as (
            select micros
                 , after
                 , floor(micros::numeric * ('x' || left(md5(asset_id::text), 8))::bit(32)::bigint / 4294967296)::bigint as start
              from period
        )
        select timestamptz '1970-01-01 00:00:00+00' + ((after - start) / micros + 1) * micros * interval '1 microsecond'
               + start * interval '1 microsecond'
          from phase
    );

create table scheduler.scope (
    asset_id uuid not null references scheduler.asset,
    checker text not null references scheduler.checker,
    account_id uuid not null,
    -- 'infinity' for a checker that is no longer in the catalogue.
    next_due timestamptz not null,
    -- When the newest scan was begun, and its number: each scan has a higher one than all before it.
    attempted_at timestamptz,
    sequence bigint not null default 0,

    -- The open scan. It is published once it has an offset; nobody touches it before its lease has run out.
    scan_id uuid,
    scan_state text check (scan_state in ('queued', 'running')),
    scan_lane text,
    expires_at timestamptz,
    started_at timestamptz,
    lease_until timestamptz,
    topic text,
    partition int,
    published_offset bigint,
    -- Since when the lane is known to have settled it.
    settled_at timestamptz,

    -- The last closed scan.
    last_scan_id uuid,
    last_outcome text check (last_outcome in ('reported', 'superseded', 'expired', 'dead')),
    last_lane text,
    last_attempted_at timestamptz,
    last_started_at timestamptz,
    last_closed_at timestamptz,
    last_duration_millis bigint,
    last_why text,
    -- When a report was last accepted, and how long the checker took for it.
    reported_at timestamptz,
    reported_millis bigint,

    primary key (asset_id, checker),
    check ((scan_id is null) = (scan_state is null)),
    check ((scan_id is null) = (lease_until is null)),
    check ((scan_id is null) = (scan_lane is null)),
    check ((scan_id is null) = (expires_at is null)),
    check (scan_id is not null or published_offset is null)
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);

-- The claim: oldest first.
create index scope_due on scheduler.scope (next_due) where scan_id is null;

-- Claimed, and perhaps never published.
create index scope_unpublished on scheduler.scope (lease_until) where scan_id is not null and published_offset is null;

-- Published, and perhaps lost.
create index scope_published on scheduler.scope (lease_until) where published_offset is not null;

create unique index scope_by_scan on scheduler.scope (scan_id) where scan_id is not null;
create index scope_by_last_scan on scheduler.scope (last_scan_id) where last_scan_id is not null;

-- How fast the whole fleet may go: a token bucket that every replica draws from.
create table scheduler.pace (
    only_row boolean primary key default true check (only_row),
    paused boolean not null default false,
    per_second double precision not null default 1,
    -- What the plans ask for: the sum of population ÷ interval.
    demand double precision not null default 0,
    -- How many scopes were due when it was last computed.
    backlog bigint not null default 0,
    recomputed_at timestamptz not null default '-infinity',
    counted_at timestamptz not null default '-infinity',
    allowance double precision not null default 0,
    refilled_at timestamptz not null default '-infinity'
);

insert into scheduler.pace default values;
