-- The months of the history and until when their events were recorded.
create or replace view insights.history_month as
select c.relname::text as name
     , date_add(make_timestamptz(substr(c.relname, 15, 4)::int, substr(c.relname, 20, 2)::int, 1, 0, 0, 0, 'UTC'), '1 month', 'UTC') as until
  from pg_inherits i
  join pg_class c on c.oid = i.inhrelid
 where i.inhparent = to_regclass('insights.insight_event') and c.relname ~ '^insight_event_\d{4}_\d{2}$';

-- Makes the partitions of the history for this month and so many months ahead, and drops those all of whose events are
-- older than is kept. One session at a time; no row: another one is at it.
--
-- Reports and readers wait for it a tenth of a second at the most: if a table it needs is held for longer, the step is put
-- off, and the next call does it.
--
-- made, dropped, put_off: how many partitions; stray: how many events found no month of their own; covered: until when
-- there are months.
create or replace function insights.keep_history(retain interval, ahead int, today timestamptz default now())
returns table (made int, dropped int, put_off int, stray bigint, covered timestamptz)
language plpgsql
set lock_timeout = '100ms'
as $$
declare
    fresh text;
    since timestamptz;
    past  text;
    -- A replica whose clock is ahead makes months ahead; it drops none that is young by the clock here.
    oldest constant timestamptz := least(today, now()) - retain;
begin
    if not pg_try_advisory_xact_lock(4243, 1) then
        return;
    end if;
    made := 0;
    dropped := 0;
    put_off := 0;
    for fresh, since in
        select to_char(m at time zone 'UTC', '"insight_event_"YYYY_MM'), m
          from date_trunc('month', today, 'UTC') this
         cross join generate_series(this, date_add(this, ahead * interval '1 month', 'UTC'), '1 month', 'UTC') m
    loop
        -- The earliest also holds what is older.
        continue when fresh <= (select min(name) from insights.history_month)
                   or fresh in (select name from insights.history_month);
        begin
            -- The rest is locked only to be looked through. To attach a table locks out no report; to make it as a
            -- partition would.
            lock table insights.insight_event_rest in access exclusive mode;
            execute format('create table insights.%I (like insights.insight_event including all)', fresh);
            execute format('with moved as (delete from insights.insight_event_rest where recorded_at >= %L and recorded_at < %L returning *)
                            insert into insights.%I select * from moved', since, date_add(since, '1 month', 'UTC'), fresh);
            execute format('alter table insights.insight_event attach partition insights.%I for values from (%L) to (%L)'
                          , fresh, since, date_add(since, '1 month', 'UTC'));
            made := made + 1;
        exception when lock_not_available then
            put_off := put_off + 1;
        end;
    end loop;
    -- One a call: should the clock here have gone wrong, too, there is time to see it.
    for past in select name from insights.history_month where until <= oldest order by name limit 1 loop
        begin
            execute format('drop table insights.%I', past);
            dropped := dropped + 1;
        exception when lock_not_available then
            put_off := put_off + 1;
        end;
    end loop;
    delete from insights.insight_event_rest where recorded_at < oldest;
    select count(*) into stray from insights.insight_event_rest;
    select max(until) into covered from insights.history_month;
    return next;
end
$$;

-- Deletes some of the insights that have been resolved for longer than the history is kept, and answers how many.
create or replace function insights.forget_resolved(retain interval, today timestamptz, at_most int) returns bigint
language plpgsql
set enable_seqscan = off
as $$
declare
    oldest constant timestamptz := least(today, now()) - retain;
    gone bigint;
begin
    -- What was opened again meanwhile is another version of its row, and stays.
    delete from insights.insight
     where ctid = any (array(select ctid from insights.insight
                              where state = 'resolved' and resolved_at < oldest order by resolved_at limit at_most))
       and state = 'resolved' and resolved_at < oldest;
    get diagnostics gone = row_count;
    return gone;
end
$$;
