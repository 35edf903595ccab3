-- A scope changes when its scan is claimed and when that scan is closed. What is known of an open scan meanwhile lies beside it: a row
-- in a narrow table, and one row for all scans that were claimed together.

-- How many active scopes an account has, kept in the transactions that make and end them, so that nobody has to count.
alter table scheduler.account add column scopes bigint not null default 0;

-- When a replica that knows the checker last said so: a checker is retired when nobody has for some time.
alter table scheduler.checker add column seen_at timestamptz not null default now();

-- Scans that were claimed together for one lane, and where their jobs lie in Kafka.
create table scheduler.batch (
    batch bigint generated always as identity primary key,
    lane text not null,
    opened_at timestamptz not null,
    -- Until then the batch is somebody's: first of the replica that publishes it, then of nobody until the sweeper looks at it.
    lease_until timestamptz not null,
    -- Whether the brokers have acknowledged all of its jobs.
    published boolean not null default false,
    -- From the acknowledgements: where the job of the nth scan lies; null for one that has none yet.
    topic text,
    partitions int[],
    offsets bigint[]
);

create index batch_unpublished on scheduler.batch (lease_until) where not published;
create index batch_published on scheduler.batch (lease_until) where published;

create table scheduler.open_scan (
    batch bigint not null,
    -- Its place in the batch, from 1.
    ordinal int not null,
    asset_id uuid not null,
    checker smallint not null,
    -- Whether it may take long, whatever its lane is.
    lengthy boolean not null,
    expires_at timestamptz not null,
    -- Since when the lane is known to have settled its job.
    settled_at timestamptz,
    -- Where its job lies since it was retried, handed to another lane or sent to the lane of its stamp.
    moved_attempt int,
    moved_lane text,
    moved_topic text,
    moved_partition int,
    moved_offset bigint,
    primary key (batch, ordinal)
) with (autovacuum_vacuum_scale_factor = 0.02);

alter table scheduler.scope rename to old_scope;
drop index scheduler.scope_due, scheduler.scope_unpublished, scheduler.scope_published;
alter table scheduler.old_scope rename constraint scope_pkey to old_scope_pkey;

create table scheduler.scope (
    asset_id uuid not null references scheduler.asset,
    account_id uuid not null,
    -- 'infinity' for a checker that is no longer in the catalogue, and for an account that is being deleted.
    next_due timestamptz not null,
    -- When the newest scan was begun, and its number: each scan has a higher one than all before it.
    attempted_at timestamptz,
    sequence bigint not null default 0,
    -- How long a scan of the scope is expected to run: up at once, down by half of the difference.
    usual_millis bigint,
    -- scheduler.checker.number
    checker smallint not null references scheduler.checker (number),
    -- How many scans in a row came to nothing.
    losses smallint not null default 0,
    -- Whether its time came while a scan was still open: it is due as soon as that ends.
    missed boolean not null default false,

    -- The open scan, and where the rest of it is.
    scan_id uuid,
    batch bigint,
    ordinal int,
    started_at timestamptz,

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
    check ((scan_id is null) = (batch is null)),
    check ((scan_id is null) = (ordinal is null))
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);

-- Open scans stay open, in batches of a thousand.
create temporary table moving on commit drop as
select asset_id, checker, lane, topic, at
     , dense_rank() over (order by lane, topic, part) as number
     , row_number() over (partition by lane, topic, part order by at, asset_id, checker)::int as ordinal
  from (select asset_id, checker, scan_lane as lane, topic, attempted_at as at
             , row_number() over (partition by scan_lane, topic order by attempted_at, asset_id, checker) / 1000 as part
          from scheduler.old_scope
         where scan_id is not null) o;

insert into scheduler.batch (batch, lane, opened_at, lease_until, published, topic, partitions, offsets)
overriding system value
select m.number, m.lane, min(m.at), now(), m.topic is not null, m.topic
     , array_agg(s.partition order by m.ordinal), array_agg(s.published_offset order by m.ordinal)
  from moving m
  join scheduler.old_scope s using (asset_id, checker)
 group by m.number, m.lane, m.topic;

select setval(pg_get_serial_sequence('scheduler.batch', 'batch'), coalesce(max(number), 0) + 1) from moving;

insert into scheduler.open_scan (batch, ordinal, asset_id, checker, lengthy, expires_at, settled_at)
select m.number, m.ordinal, m.asset_id, k.number, s.scan_lengthy, s.expires_at, s.settled_at
  from moving m
  join scheduler.old_scope s using (asset_id, checker)
  join scheduler.checker k using (checker);

insert into scheduler.scope
     ( asset_id, account_id, next_due, attempted_at, sequence, usual_millis, checker, losses, scan_id, batch, ordinal, started_at
     , last_scan_id, last_outcome, last_lane, last_attempted_at, last_started_at, last_closed_at, last_duration_millis, last_why
     , reported_at, reported_millis)
select s.asset_id, s.account_id, s.next_due, s.attempted_at, s.sequence, s.usual_millis, k.number, least(s.losses, 1000)
     , s.scan_id, m.number, m.ordinal, s.started_at
     , s.last_scan_id, s.last_outcome, s.last_lane, s.last_attempted_at, s.last_started_at, s.last_closed_at
     , s.last_duration_millis, s.last_why, s.reported_at, s.reported_millis
  from scheduler.old_scope s
  join scheduler.checker k using (checker)
  left join moving m using (asset_id, checker);

drop table scheduler.old_scope;

-- The claim: oldest first. It knows nothing of open scans, so that closing one changes no index.
create index scope_due on scheduler.scope (next_due);

update scheduler.account c
   set scopes = s.scopes
  from (select account_id, count(*) as scopes from scheduler.scope where next_due < 'infinity' group by account_id) s
 where s.account_id = c.id;

-- A scope in words: its checker by name, and its open scan with all that is known of it. For reading.
create view scheduler.standing as
select s.asset_id, k.checker, s.account_id, s.next_due, s.attempted_at, s.sequence, s.usual_millis, s.losses, s.missed
     , s.scan_id
     , case when s.scan_id is null then null when s.started_at is null then 'queued' else 'running' end as scan_state
     , coalesce(o.moved_lane, b.lane) as scan_lane
     , o.lengthy as scan_lengthy, o.expires_at, s.started_at, b.lease_until, o.settled_at, s.batch, s.ordinal
     , case when o.moved_topic is not null then o.moved_topic when b.offsets[o.ordinal] is not null then b.topic end as topic
     , coalesce(o.moved_partition, b.partitions[o.ordinal]) as partition
     , coalesce(o.moved_offset, b.offsets[o.ordinal]) as published_offset
     , s.last_scan_id, s.last_outcome, s.last_lane, s.last_attempted_at, s.last_started_at, s.last_closed_at
     , s.last_duration_millis, s.last_why, s.reported_at, s.reported_millis
  from scheduler.scope s
  join scheduler.checker k on k.number = s.checker
  left join scheduler.open_scan o on o.batch = s.batch and o.ordinal = s.ordinal
  left join scheduler.batch b on b.batch = s.batch;

drop function scheduler.longest_due(timestamptz, text[], int);

-- What the bucket of the pace holds by now: one scan at least fits in, else a rate below one in two seconds would never fill it.
create function scheduler.tokens(
    allowance double precision, per_second double precision, refilled_at timestamptz, burst double precision, at timestamptz)
returns double precision
    language sql immutable parallel safe
    return least(greatest(1, burst, 2 * per_second), allowance + per_second * greatest(0, extract(epoch from at - refilled_at)));

-- Whose turn it is to publish the outbox: a lease and no lock, so that nobody holds a connection while Kafka is slow or away.
create table scheduler.outbox_lease (
    only_row boolean primary key default true check (only_row),
    held_until timestamptz not null default '-infinity'
);

insert into scheduler.outbox_lease default values;
