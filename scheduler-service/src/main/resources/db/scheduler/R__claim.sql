-- Opens a scan of each scope that has been due for longest and is not held by another claim, and answers those scans.
--
-- Two statements in a function, so that the second has a snapshot of its own: it sees the rows as they were when the first locked
-- them, waits for nobody, and changes each (docs/adr/007-locks-and-updates.md). The settings hold for the function alone: with much
-- overdue a planner would rather read and sort all of it, for every claim again.
--
-- A scope whose time comes while its last scan is open takes its next turn and is due when that ends; one whose account is being
-- deleted is never due again. Both are passed over, and no claim meets them a second time.
create or replace function scheduler.claim(
    since timestamptz,
    upto timestamptz,
    checkers text[],
    checker_lanes text[],
    slow_records bigint,
    slow_millis bigint,
    at_most int,
    lease timestamptz)
returns table (
    asset_id uuid, account_id uuid, kind text, name text, endpoints text[], revision bigint, checker text, sequence bigint, attempted_at timestamptz,
    scan_id uuid, batch bigint, ordinal int, scan_lane text, scan_lengthy boolean, expires_at timestamptz, was_due timestamptz)
language plpgsql
set enable_sort = off
set enable_bitmapscan = off
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
#variable_conflict use_column
declare
    numbers smallint[];
    lanes text[];
    free_assets uuid[];
    free_checkers smallint[];
    passed_assets uuid[];
    passed_checkers smallint[];
    fast_batch bigint;
    slow_batch bigint;
begin
    select array_agg(k.number), array_agg(t.lane)
      into numbers, lanes
      from unnest(checkers, checker_lanes) as t (checker, lane)
      join scheduler.checker k on k.checker = t.checker;

    -- Again only where all that was found is passed over, so that no row is found twice; and then many at a time.
    for round in 1 .. 100 loop
        select array_agg(d.asset_id) filter (where not d.passed), array_agg(d.checker) filter (where not d.passed)
             , array_agg(d.asset_id) filter (where d.passed), array_agg(d.checker) filter (where d.passed)
          into free_assets, free_checkers, passed_assets, passed_checkers
          from (select s.asset_id, s.checker, s.scan_id is not null or c.going as passed
                  from scheduler.scope s
                  join scheduler.account c on c.id = s.account_id
                 where s.next_due >= since
                   and s.next_due <= upto
                   and s.checker = any (numbers)
                 order by s.next_due
                 limit case when round = 1 then at_most else greatest(at_most, 1000) end
                   for update of s skip locked) d;
        update scheduler.scope s
           set next_due = case when c.going then 'infinity' else scheduler.next_due(a.place, upto, p.every, p.anchor) end
             , missed = not c.going
          from unnest(passed_assets, passed_checkers) as t (asset_id, checker)
          join scheduler.asset a on a.id = t.asset_id
          join scheduler.account c on c.id = a.account_id
          join scheduler.plan p on p.plan = c.plan
         where s.asset_id = t.asset_id
           and s.checker = t.checker;
        exit when free_assets is not null or passed_assets is null;
    end loop;
    if free_assets is null then
        return;
    end if;
    free_assets := free_assets[1:at_most];
    free_checkers := free_checkers[1:at_most];

    fast_batch := nextval('scheduler.batch_batch_seq');
    slow_batch := nextval('scheduler.batch_batch_seq');
    return query
    with due as materialized (
        select t.asset_id, t.checker, s.next_due as was_due, a.place, a.kind, a.name, a.endpoints, a.revision, p.every, p.anchor, k.checker as word
             , l.lane, l.lengthy
             , case when l.lane = 'slow' then slow_batch else fast_batch end as batch
             , row_number() over (partition by l.lane = 'slow')::int as ordinal
          from unnest(free_assets, free_checkers) as t (asset_id, checker)
          join scheduler.scope s on s.asset_id = t.asset_id and s.checker = t.checker
          join scheduler.asset a on a.id = t.asset_id
          join scheduler.account c on c.id = a.account_id
          join scheduler.plan p on p.plan = c.plan
          join scheduler.checker k on k.number = t.checker
         cross join lateral (
            select lengthy, case when lengthy then 'slow' else lanes[array_position(numbers, t.checker)] end as lane
              from scheduler.is_lengthy(
                       lanes[array_position(numbers, t.checker)] = 'slow', a.records, s.usual_millis, slow_records, slow_millis
                   ) as lengthy) l
    ), claimed as (
        update scheduler.scope s
           set attempted_at = upto
             , sequence = s.sequence + 1
             , next_due = scheduler.next_due(d.place, upto, d.every, d.anchor)
             , scan_id = scheduler.scan_id(upto, d.place, s.checker, s.sequence + 1)
             , batch = d.batch
             , ordinal = d.ordinal
          from due d
         where s.asset_id = d.asset_id
           and s.checker = d.checker
        returning s.asset_id, s.account_id, d.kind, d.name, d.endpoints, d.revision, s.checker, d.word, s.sequence, s.scan_id, s.batch, s.ordinal
                , d.lane, d.lengthy
                , upto + d.every as expires_at, d.was_due
    ), opened as (
        insert into scheduler.open_scan (batch, ordinal, asset_id, checker, lengthy, expires_at)
        select c.batch, c.ordinal, c.asset_id, c.checker, c.lengthy, c.expires_at from claimed c
    ), batches as (
        insert into scheduler.batch (batch, lane, opened_at, lease_until)
        overriding system value
        select distinct c.batch, c.lane, upto, lease from claimed c
    )
    select c.asset_id, c.account_id, c.kind, c.name, c.endpoints, c.revision, c.word, c.sequence, upto, c.scan_id, c.batch, c.ordinal
         , c.lane, c.lengthy, c.expires_at, c.was_due
      from claimed c;
end
$$;
