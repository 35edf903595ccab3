-- When a check last came to PASS or FAIL, by its entry in a scope's coverage and the time of the scope's last scan.
create function insights.completed(entry jsonb, scanned_at timestamptz) returns timestamptz
language sql stable parallel safe
return case when entry ?| array['pass', 'fail'] then coalesce((entry ->> 'at')::timestamptz, scanned_at)
            else (entry ->> 'done')::timestamptz
       end;

-- The coverage of a scope after one more report. An entry counts the results of a check by state and says why not;
-- `at` (last attempt) is there only where it is not the time of the scope's last scan, `done` (last completed) only
-- where that is not the last attempt. So the coverage of a steady asset does not change from scan to scan.
create function insights.coverage_after(before jsonb, scanned_at timestamptz, report jsonb) returns jsonb
language sql stable parallel safe
return case
    when before = report then before
    else (select coalesce(jsonb_object_agg(key, case
                     when r.value is null then jsonb_build_object('at', scanned_at) || b.value
                     when b.value is null or r.value ?| array['pass', 'fail'] then r.value
                     else r.value || jsonb_strip_nulls(jsonb_build_object('done', insights.completed(b.value, scanned_at)))
                 end), '{}')
            from jsonb_each(before) b full join jsonb_each(report) r using (key))
end;

-- Whether an account or asset is known to be gone.
create function insights.is_deleted(account uuid, asset uuid) returns boolean
language sql stable parallel safe
return coalesce((select deleted from insights.account a where a.id = account), false)
    or coalesce((select deleted from insights.asset a where a.account_id = account and a.id = asset), false);

-- Writes reports, at most one of each scope, and answers each. The arrays r_… have an element per report, i_… one per
-- insight; i_report is the position of its report. r_results maps `<check> <subject>` to true (PASS or FAIL) or false
-- (NOT_APPLICABLE) and leaves out what could not be told.
--
-- The scopes are locked in a statement of their own: what reads insights comes later, and so sees what a scope's last
-- writer has committed. A report whose scope is locked is `busy`: nobody waits, except for the birth of a scope by
-- another, and births are in order. Every table is reached by probing an index, and the one join of two sets is a full
-- join, which is never a nested loop: no plan depends on statistics, which say nothing about a young table.
create function insights.apply_reports
( r_account uuid[], r_asset uuid[], r_checker text[], r_scan uuid[], r_seq bigint[], r_at timestamptz[], r_digest uuid[]
, r_coverage text[], r_results text[], r_insights int[]
, i_report int[], i_key uuid[], i_hash uuid[], i_severity int[], i_firm boolean[], i_check text[], i_subject text[]
, i_detail text[], i_title text[], i_evidence text[]
) returns table (report int, kind text, opened int, changed int, reopened int, resolved int, unchanged int)
language plpgsql
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set plan_cache_mode = force_generic_plan -- to plan it takes longer than to run it
as $$
#variable_conflict use_column
declare
    size     constant int := cardinality(r_account);
    answered boolean[] := array_fill(false, array[size]);
    merged   bigint[] := array_fill(0::bigint, array[size]); -- the scope of each report that is compared insight by insight
    same     int[] := '{}';                                  -- the reports that say what the last one said
    todo     int[] := '{}';                                  -- the reports to compare
    held     record;
begin
    for attempt in 1..2 loop
        for held in
            select r.n, s.*
              from (select n from generate_series(1, size) n where not answered[n] order by r_account[n], r_asset[n], r_checker[n]) r
             cross join lateral (
                   select scope_id, removed, last_seq, last_scan_id, digest
                     from insights.scope s
                    where s.account_id = r_account[r.n] and s.asset_id = r_asset[r.n] and s.checker = r_checker[r.n]
                      for no key update skip locked
                   ) s
        loop
            answered[held.n] := true;
            if r_seq[held.n] = held.last_seq and r_scan[held.n] = held.last_scan_id then
                return query
                select held.n, 'replayed', opened, changed, reopened, resolved, unchanged
                  from insights.scope s
                 where s.account_id = r_account[held.n] and s.scope_id = held.scope_id;
            elsif held.removed or r_seq[held.n] <= held.last_seq then
                return query select held.n, 'superseded', 0, 0, 0, 0, 0;
            elsif held.digest = r_digest[held.n] then
                same := same || held.n;
            else
                todo := todo || held.n;
                merged[held.n] := held.scope_id;
            end if;
        end loop;
        exit when attempt = 2 or true = all (answered);
        insert into insights.scope (account_id, asset_id, checker)
        select r_account[n], r_asset[n], r_checker[n]
          from generate_series(1, size) n
         where not answered[n] and not insights.is_deleted(r_account[n], r_asset[n])
         order by r_account[n], r_asset[n], r_checker[n]
            on conflict do nothing;
    end loop;
    return query
    select n, case when insights.is_deleted(r_account[n], r_asset[n]) then 'superseded' else 'busy' end, 0, 0, 0, 0, 0
      from generate_series(1, size) n
     where not answered[n];

    if same <> '{}' then
        return query
        update insights.scope s
           set last_seq = r_seq[n]
             , last_scan_id = r_scan[n]
             , scanned_at = r_at[n]
             , opened = 0, changed = 0, reopened = 0, resolved = 0, unchanged = r_insights[n]
             , coverage = insights.coverage_after(s.coverage, s.scanned_at, r_coverage[n]::jsonb)
          from unnest(same) n
         where s.account_id = r_account[n] and s.asset_id = r_asset[n] and s.checker = r_checker[n]
        returning n, 'unchanged', 0, 0, 0, 0, r_insights[n];
    end if;

    if todo <> '{}' then
        return query
        with target as materialized (
            select t.n, s.*, r_coverage[t.n]::jsonb as report, r_results[t.n]::jsonb as results
              from unnest(todo) t (n)
             cross join lateral (
                   select * from insights.scope s where s.account_id = r_account[t.n] and s.scope_id = merged[t.n] offset 0
                   ) s
        ), known as (
            -- verdict: true if this report looked where the insight was, false if the check did not apply there;
            -- done: when its check was last completed before this report; elsewhere: it was completed by this report
            select t.n, t.last_seq, i.*
                 , (t.results -> (i.check_id || ' ' || i.subject))::boolean as verdict
                 , insights.completed(t.coverage -> i.check_id, t.scanned_at) as done
                 , t.report -> i.check_id ?| array['pass', 'fail'] as elsewhere
              from target t
             cross join lateral (
                   select * from insights.insight i where i.account_id = t.account_id and i.scope_id = t.scope_id offset 0
                   ) i
        ), said as (
            select merged[i.n] as scope_id, i.*
              from unnest(i_report, i_key, i_hash, i_severity, i_firm, i_check, i_subject, i_detail, i_title, i_evidence)
                as i (n, key, content_hash, severity, firm, check_id, subject, detail, title, evidence)
             where merged[i.n] <> 0
        ), difference as materialized (
            select coalesce(new.n, old.n) as n
                 , new.key, new.content_hash, new.severity, new.firm, new.check_id, new.subject, new.detail, new.title, new.evidence
                 , old.key as old_key, old.content_hash as old_hash, old.severity as old_severity, old.firm as old_firm
                 , old.state as old_state, old.title as old_title, old.evidence as old_evidence, old.seen_at, old.na_seq
                 , old.last_seq, old.verdict, old.done, old.elsewhere
              from said new full join known old on old.scope_id = new.scope_id and old.key = new.key
             where case when new.key is null then old.state <> 'resolved'
                        else old.key is null or old.state <> 'open' or old.content_hash <> new.content_hash or old.seen_at is not null
                   end
        ), present as materialized (
            -- what the report says and the table does not
            select *
                 , case when old_key is null then 'opened'
                        when old_state = 'resolved' then 'reopened'
                        when old_state = 'suspected' then 'confirmed'
                        when content_hash <> old_hash then 'changed'
                        else 'seen'
                   end as kind
                 , case when firm or old_state in ('suspected', 'open') then 'open' else 'suspected' end as state
              from difference
             where key is not null
        ), absent as materialized (
            -- what was open and the report does not say
            select *
                 , case when verdict then 'fixed'
                        when not verdict and na_seq = last_seq then 'no_longer_applicable'
                   end as resolution
              from difference
             where key is null
        ), written as (
            insert into insights.insight as i
                 ( account_id, scope_id, key, content_hash, severity, firm, state, check_id, subject, detail, title, evidence
                 , first_seen, changed_at, opened_seq)
            select r_account[n], merged[n], key, content_hash, severity, firm, state, check_id, subject, detail, title, evidence::jsonb
                 , r_at[n], r_at[n], r_seq[n]
              from present
             order by merged[n], key
                on conflict (account_id, scope_id, key) do update
               set content_hash = excluded.content_hash
                 , severity = excluded.severity
                 , firm = excluded.firm
                 , state = excluded.state
                 , title = excluded.title
                 , evidence = excluded.evidence
                 , changed_at = case when i.state = excluded.state and i.content_hash = excluded.content_hash
                                     then i.changed_at else excluded.changed_at end
                 , seen_at = null
                 , resolved_at = null
                 , resolution = null
        ), closed as (
            update insights.insight i
               set state = case when a.resolution is null then i.state else 'resolved' end
                 , resolution = a.resolution
                 , resolved_at = case when a.resolution is not null then r_at[a.n] end
                 , changed_at = case when a.resolution is null then i.changed_at else r_at[a.n] end
                 , na_seq = case when a.verdict = false then r_seq[a.n] else i.na_seq end
                 , seen_at = case when a.resolution is null and not a.elsewhere then i.seen_at else coalesce(i.seen_at, a.done) end
              from absent a
             where i.account_id = r_account[a.n] and i.scope_id = merged[a.n] and i.key = a.old_key
               and (a.verdict is not null or a.elsewhere and a.seen_at is null)
        ), recorded as (
            insert into insights.insight_event
                 ( account_id, scope_id, key, at, seq, kind, reason, was_severity, was_firm, was_title, was_evidence)
            select r_account[n], merged[n], key, r_at[n], r_seq[n], kind, null
                 , case when severity <> old_severity then old_severity end
                 , case when firm <> old_firm then old_firm end
                 , case when title <> old_title then old_title end
                 , case when evidence::jsonb <> old_evidence then old_evidence end
              from present
             where kind in ('confirmed', 'changed', 'reopened')
             union all
            select r_account[n], merged[n], old_key, r_at[n], r_seq[n], 'resolved', resolution, null, null, null, null
              from absent
             where resolution is not null
        ), tally as (
            select n
                 , count(*) filter (where kind = 'opened')::int as opened
                 , count(*) filter (where kind in ('confirmed', 'changed'))::int as changed
                 , count(*) filter (where kind = 'reopened')::int as reopened
                 , count(*) filter (where kind = 'resolved')::int as resolved
                 , count(*) filter (where kind = 'kept' or state = 'suspected') = 0 as exact
              from (select n, kind, state from present
                     union all
                    select n, case when resolution is null then 'kept' else 'resolved' end, null from absent
                     union all
                    select n, null, null from unnest(todo) n) change
             group by n
        )
        update insights.scope s
           set last_seq = r_seq[t.n]
             , last_scan_id = r_scan[t.n]
             , scanned_at = r_at[t.n]
             , opened = t.opened, changed = t.changed, reopened = t.reopened, resolved = t.resolved
             , unchanged = r_insights[t.n] - t.opened - t.changed - t.reopened
             , digest = case when t.exact then r_digest[t.n] end
             , coverage = insights.coverage_after(s.coverage, s.scanned_at, r_coverage[t.n]::jsonb)
          from tally t
         where s.account_id = r_account[t.n] and s.scope_id = merged[t.n]
        returning t.n, case when t.opened + t.changed + t.reopened + t.resolved = 0 then 'unchanged' else 'applied' end
             , s.opened, s.changed, s.reopened, s.resolved, s.unchanged;
    end if;
end
$$;
