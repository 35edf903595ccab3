-- The scopes that have been due for longest, locked, without those that others hold. A function, because its settings hold
-- for this look alone: with much overdue a planner would rather read and sort all of it, for every claim again. It promises one
-- row, so that whoever joins them looks each up by its key instead of reading a whole table.
create function scheduler.longest_due(upto timestamptz, checkers text[], at_most int)
returns table (asset_id uuid, checker text, next_due timestamptz, usual_millis bigint)
language plpgsql
rows 1
set enable_sort = off
set enable_bitmapscan = off
set enable_seqscan = off
as $$
begin
    return query
    select s.asset_id, s.checker, s.next_due, s.usual_millis
      from scheduler.scope s
     where s.scan_id is null
       and s.next_due <= upto
       and s.checker = any (checkers)
     order by s.next_due
     limit at_most
       for update skip locked;
end
$$;
