-- Keeps the deletion of these accounts and of their assets out until the transaction ends. For the birth of scopes: one that is
-- born before the deletion is seen by it, and one that comes later sees its mark, if it reads that in a statement after this.
create or replace function insights.hold_births(accounts uuid[]) returns bigint
language sql
return (select count(pg_advisory_xact_lock_shared(4244, place))
          from (select distinct hashtext(a::text) as place from unnest(accounts) a order by 1) p);

-- Keeps births in these accounts out until the transaction ends, which must lock no scope.
create or replace function insights.hold_deletions(accounts uuid[]) returns bigint
language sql
return (select count(pg_advisory_xact_lock(4244, place))
          from (select distinct hashtext(a::text) as place from unnest(accounts) a order by 1) p);

-- Makes the scope of a large report, unless there is one or its asset is gone.
create or replace function insights.bear(of_account uuid, of_asset uuid, of_checker text) returns void
language plpgsql
as $$
begin
    if exists (select from insights.scope where account_id = of_account and asset_id = of_asset and checker = of_checker) then
        return;
    end if;
    perform insights.hold_births(array[of_account]);
    insert into insights.scope (account_id, asset_id, checker, revision)
    select of_account, of_asset, of_checker, insights.revision_of(of_account, of_asset)
     where not insights.is_deleted(of_account, of_asset)
        on conflict do nothing;
end
$$;

-- What follows for the scope from one of its parts: what others have said there is no longer what is known, and when all parts of a
-- scan are in, the scope has been scanned and older parts leave. For a caller that has locked the scope.
create or replace function insights.follow_part
( of_account uuid, of_asset uuid, of_checker text, of_scan uuid, of_seq bigint, of_revision bigint
, of_first bigint, of_end bigint, of_subjects text[]
) returns void
language plpgsql
as $$
declare
    scope constant bigint :=
        (select scope_id from insights.scope where account_id = of_account and asset_id = of_asset and checker = of_checker);
    whole record;
begin
    if not exists (select from insights.part p
                    where p.account_id = of_account and p.scope_id = scope and p.first_place = of_first and p.end_place = of_end
                      and p.subjects is not distinct from of_subjects and p.last_seq = of_seq) then
        return; -- it was not written
    end if;
    update insights.part p
       set digest = null
     where p.account_id = of_account and p.scope_id = scope and p.digest is not null
       and (p.first_place <> of_first or p.end_place <> of_end or p.subjects is distinct from of_subjects)
       and insights.meets(p.first_place, p.end_place, p.subjects, of_first, of_end, of_subjects);
    select sum(end_place - first_place) as covered, max(scanned_at) as scanned_at, min(revision) as revision
         , sum(opened) as opened, sum(changed) as changed, sum(reopened) as reopened, sum(resolved) as resolved, sum(unchanged) as unchanged
         , sum(withheld) as withheld
      into whole
      from insights.part p
     where p.account_id = of_account and p.scope_id = scope and p.last_seq = of_seq and p.last_scan_id = of_scan and p.subjects is null;
    if whole.covered = 4294967296 then
        delete from insights.part p where p.account_id = of_account and p.scope_id = scope and p.last_seq < of_seq;
        update insights.scope s
           set last_seq = of_seq
             , last_scan_id = of_scan
             , scanned_at = whole.scanned_at
             , looked_revision = coalesce(whole.revision, s.looked_revision)
             , opened = whole.opened, changed = whole.changed, reopened = whole.reopened, resolved = whole.resolved
             , unchanged = whole.unchanged, withheld = whole.withheld
             , coverage = insights.coverage_after(s.coverage, s.scanned_at, insights.coverage_of_parts(of_account, scope, of_seq))
         where s.account_id = of_account and s.scope_id = scope;
    end if;
    update insights.scope s
       set digest = null
         , revision = coalesce(of_revision, s.revision)
         , parts = (select count(*) from insights.part p where p.account_id = of_account and p.scope_id = scope)
     where s.account_id = of_account and s.scope_id = scope;
end
$$;

-- Writes reports: apply_reports takes small ones as arrays, apply_stage_<slot> a large one from its slot. Both are made
-- here from one text, so that what is new, changed, reopened or resolved is decided in one place. What differs is put
-- in for {name}, {arguments}, {settings}, {said}, {live}, {back}, {carried}, {looks} and {order}.
--
-- At most one report of each scope is written by a call, and each is answered. The arrays r_… have an element per
-- report, i_… one per insight; i_report is the position of its report. r_results maps `<check> <subject>` to true (PASS
-- or FAIL) or false (NOT_APPLICABLE) and leaves out what could not be told; of a part, it also maps ` <subject>` for each
-- subject there is. An insight without a body (no check) says: open, with this hash. Where that is not so, nothing of its
-- report is written: `bodies_required`.
--
-- A report on a part (r_first to r_end, or r_subjects alone) changes nothing outside of it. What it does not mention at
-- all in a range is gone from the asset: `removed`. The scope follows when one scan has reported all of its parts.
--
-- The scopes are locked in a statement of their own: what reads insights comes later, and so sees what a scope's last
-- writer has committed. A report whose scope is locked is `busy`: nobody waits, except for the birth of a scope by
-- another, and births are in order. Every table is reached by probing an index, and the one join of two sets is a full
-- join, which is never a nested loop: no plan depends on statistics, which say nothing about a young table.
do $make$
declare
    old regprocedure;
    body constant text := $text$
create function insights.{name}
( r_account uuid[], r_asset uuid[], r_checker text[], r_scan uuid[], r_seq bigint[], r_at timestamptz[], r_digest uuid[]
, r_coverage text[], r_results text[], r_insights int[], r_revision bigint[]
, r_first bigint[], r_end bigint[], r_generation bigint[], r_subjects text[]{arguments}
, withhold_share float8 default 0.5, withhold_above int default 20, agree_after interval default '1 hour'
) returns table (report int, kind text, opened int, changed int, reopened int, resolved int, unchanged int, withheld int)
language plpgsql
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
{settings}
as $$
#variable_conflict use_column
declare
    size     constant int := cardinality(r_account);
    answered boolean[] := array_fill(false, array[size]);
    merged   bigint[] := array_fill(0::bigint, array[size]); -- the scope of each report that is compared insight by insight
    same     int[] := '{}';                                  -- the reports that say what the last one said
    todo     int[] := '{}';                                  -- the reports to compare
    before   bigint[] := array_fill(0::bigint, array[size]); -- the last sequence of what each of them looked at
    held     record;
    piece    record;
    previous bigint;
    said_by  uuid; -- the digest of what each of them looked at
begin
    for attempt in 1..2 loop
        for held in
            select r.n, s.*
              from (select n from generate_series(1, size) n where not answered[n] order by r_account[n], r_asset[n], r_checker[n]) r
             cross join lateral (
                   select scope_id, removed, revision, last_seq, last_scan_id, digest, parts
                     from insights.scope s
                    where s.account_id = r_account[r.n] and s.asset_id = r_asset[r.n] and s.checker = r_checker[r.n]
                      for no key update skip locked
                   ) s
        loop
            answered[held.n] := true;
            if r_first[held.n] is null and r_seq[held.n] = held.last_seq and r_scan[held.n] = held.last_scan_id then
                return query
                select held.n, 'replayed', opened, changed, reopened, resolved, unchanged, withheld
                  from insights.scope s
                 where s.account_id = r_account[held.n] and s.scope_id = held.scope_id;
                continue;
            end if;
            previous := held.last_seq;
            said_by := held.digest;
            if r_first[held.n] is not null or held.parts > 0 then
                select max(p.last_seq) as last_seq
                     , max(p.generation) > r_generation[held.n] as is_newer
                     , max(p.last_seq) filter (where p.is_same and p.last_scan_id = r_scan[held.n]) as replays
                     , (array_agg(p.digest) filter (where p.is_same))[1] as digest
                  into piece
                  from (select *, first_place = r_first[held.n] and end_place = r_end[held.n]
                                  and subjects is not distinct from insights.list(r_subjects[held.n]) as is_same
                          from insights.part
                         where account_id = r_account[held.n] and scope_id = held.scope_id) p
                 where insights.meets(p.first_place, p.end_place, p.subjects, coalesce(r_first[held.n], 0)
                                     , coalesce(r_end[held.n], 4294967296), insights.list(r_subjects[held.n]));
                if r_first[held.n] is not null and piece.replays = r_seq[held.n] then
                    return query
                    select held.n, 'replayed', opened, changed, reopened, resolved, unchanged, withheld
                      from insights.part p
                     where p.account_id = r_account[held.n] and p.scope_id = held.scope_id and p.first_place = r_first[held.n]
                       and p.end_place = r_end[held.n] and p.subjects is not distinct from insights.list(r_subjects[held.n]);
                    continue;
                end if;
                if r_seq[held.n] <= piece.last_seq or piece.is_newer then
                    return query select held.n, 'superseded', 0, 0, 0, 0, 0, 0;
                    continue;
                end if;
                previous := greatest(previous, piece.last_seq);
                if r_first[held.n] is not null then
                    said_by := piece.digest;
                end if;
            end if;
            if held.removed or r_seq[held.n] <= held.last_seq or r_revision[held.n] < held.revision then
                return query select held.n, 'superseded', 0, 0, 0, 0, 0, 0;
            elsif said_by = r_digest[held.n] then
                same := same || held.n;
            else
                todo := todo || held.n;
                merged[held.n] := held.scope_id;
                before[held.n] := previous;
            end if;
        end loop;
        exit when attempt = 2 or true = all (answered);
        perform insights.hold_births(array(select r_account[n] from generate_series(1, size) n where not answered[n]));
        insert into insights.scope (account_id, asset_id, checker, revision)
        select r_account[n], r_asset[n], r_checker[n], insights.revision_of(r_account[n], r_asset[n])
          from generate_series(1, size) n
         where not answered[n] and not insights.is_deleted(r_account[n], r_asset[n])
               -- One that is there is only locked: to insert it again would be to wait for whoever changes it.
           and not exists (select from insights.scope s
                            where s.account_id = r_account[n] and s.asset_id = r_asset[n] and s.checker = r_checker[n])
         order by r_account[n], r_asset[n], r_checker[n]
            on conflict do nothing;
    end loop;
    if false = any (answered) then
        return query
        select n, case when insights.is_deleted(r_account[n], r_asset[n]) then 'superseded' else 'busy' end, 0, 0, 0, 0, 0, 0
          from generate_series(1, size) n
         where not answered[n];
    end if;

    if same <> '{}' then
        return query
        update insights.scope s
           set last_seq = r_seq[n]
             , last_scan_id = r_scan[n]
             , scanned_at = r_at[n]
             , revision = coalesce(r_revision[n], s.revision)
             , looked_revision = coalesce(r_revision[n], s.looked_revision)
             , opened = 0, changed = 0, reopened = 0, resolved = 0, unchanged = r_insights[n]
             , coverage = insights.coverage_after(s.coverage, s.scanned_at, r_coverage[n]::jsonb)
          from unnest(same) n
         where s.account_id = r_account[n] and s.asset_id = r_asset[n] and s.checker = r_checker[n] and r_first[n] is null
        returning n, 'unchanged', 0, 0, 0, 0, r_insights[n], 0;
        if exists (select from unnest(same) n where r_first[n] is not null) then
            return query
            update insights.part p
               set generation = coalesce(r_generation[n], 0)
                 , last_seq = r_seq[n]
                 , last_scan_id = r_scan[n]
                 , scanned_at = r_at[n]
                 , revision = r_revision[n]
                 , opened = 0, changed = 0, reopened = 0, resolved = 0, withheld = 0, unchanged = r_insights[n]
                 , coverage = r_coverage[n]::jsonb
              from unnest(same) n
              join insights.scope s on s.account_id = r_account[n] and s.asset_id = r_asset[n] and s.checker = r_checker[n]
             where p.account_id = s.account_id and p.scope_id = s.scope_id and p.first_place = r_first[n] and p.end_place = r_end[n]
               and p.subjects is not distinct from insights.list(r_subjects[n])
            returning n, 'unchanged', 0, 0, 0, 0, r_insights[n], 0;
        end if;
    end if;

    if todo <> '{}' then
        return query
        with target as materialized (
            select t.n, s.account_id, s.scope_id, s.coverage, s.scanned_at, s.withheld + s.parts as withheld, before[t.n] as last_seq
                 , coalesce(r_first[t.n], 0) as first_place, coalesce(r_end[t.n], 4294967296) as end_place
                 , insights.list(r_subjects[t.n]) as subjects, r_first[t.n] is not null and r_subjects[t.n] is null as is_range
                 , r_coverage[t.n]::jsonb as report, r_results[t.n]::jsonb as results
              from unnest(todo) t (n)
             cross join lateral (
                   select * from insights.scope s where s.account_id = r_account[t.n] and s.scope_id = merged[t.n] offset 0
                   ) s
        ), said as (
            {said}
        ), live as materialized (
            -- what is not resolved; of the rest only what the report says is read, never all that the scope has had
            {live}
        ), known as (
            select * from live
             union all
            {back}
        ), difference as materialized (
            -- every insight of which report and table do not say the same
            select coalesce(new.n, old.n) as n
                 , new.key, new.content_hash, new.severity, new.firm, new.check_id, new.subject, new.detail, new.title, new.evidence
                 , case when new.key is null then 'missed'
                        when old.old_key is null then 'opened'
                        when old.state = 'resolved' then 'reopened'
                        when old.state = 'suspected' then 'confirmed'
                        when new.content_hash <> old.old_hash then 'changed'
                        else 'seen'
                   end as kind
                 , case when new.firm or old.state in ('suspected', 'open') then 'open' else 'suspected' end as state
                 , old.old_key, old.seen_at, old.na_seq, old.na_since, old.last_seq, {carried}
              from said new full join known old on old.scope_id = new.scope_id and old.old_key = new.key
             where case when new.key is null then old.state <> 'resolved'
                        else old.old_key is null or old.state <> 'open' or old.old_hash <> new.content_hash or old.seen_at is not null
                   end
        ), missed as materialized (
            -- verdict: true if this report looked where the insight was, false if the check did not apply there;
            -- done: when its check was last completed before this report; elsewhere: it was completed by this report;
            -- gone: its subject is not in the part any more
            select *
                 , case when gone then 'removed'
                        when verdict then 'fixed'
                        when not verdict and na_seq = last_seq and na_since <= r_at[n] - agree_after then 'no_longer_applicable'
                   end as resolution
              from (select n, old_key, na_seq, na_since, last_seq, seen_at, {looks} from difference d where kind = 'missed') m
        ), judged as materialized (
            -- lacking: a body is missing; doubtful: so many closes are implausible
            select n
                 , count(*) filter (where kind not in ('seen', 'missed') and check_id is null) > 0 as lacking
                 , count(nullif(resolution, 'removed')) > withhold_above
                   and count(nullif(resolution, 'removed')) > withhold_share
                       * (r_insights[n] - count(*) filter (where kind in ('opened', 'reopened')) + count(*) filter (where kind = 'missed' and resolution is distinct from 'removed'))
                   as doubtful
              from (select n, kind, check_id, null as resolution from difference where kind <> 'missed'
                     union all
                    select n, 'missed', null, resolution from missed) d
             group by n
        ), present as not materialized (
            select *
              from difference
             where kind <> 'missed' and n not in (select n from judged where lacking)
        ), absent as materialized (
            -- doubted: since when every scan has had this close withheld
            select *
                 , case when resolution is null then 'kept'
                        when gone or doubted <= r_at[n] - agree_after or n not in (select n from judged where doubtful) then 'resolved'
                        else 'withheld'
                   end as fate
              from (select *
                         , case when resolution is not null and n in (select n from judged where doubtful)
                                then (select w.since from insights.withheld w
                                       where w.account_id = r_account[m.n] and w.scope_id = merged[m.n]
                                         and w.key = m.old_key and w.seq = m.last_seq)
                           end as doubted
                      from missed m
                     where n not in (select n from judged where lacking)) m
        ), written as (
            insert into insights.insight as i
                 ( account_id, scope_id, key, content_hash, severity, firm, state, check_id, subject, detail, title, evidence
                 , first_seen, changed_at, opened_seq)
            select r_account[n], merged[n], key, content_hash, severity, firm, state, check_id, subject, detail, title, evidence::jsonb
                 , r_at[n], r_at[n], r_seq[n]
              from present
             where kind <> 'seen'{order}
                on conflict (account_id, scope_id, key) do update
               set content_hash = excluded.content_hash
                 , severity = excluded.severity
                 , firm = excluded.firm
                 , state = excluded.state
                 , title = excluded.title
                 , evidence = excluded.evidence
                 , changed_at = excluded.changed_at
                 , seen_at = null
                 , resolved_at = null
                 , resolution = null
        ), seen as (
            update insights.insight i
               set seen_at = null
              from present p
             where p.kind = 'seen' and i.account_id = r_account[p.n] and i.scope_id = merged[p.n] and i.key = p.key
        ), closed as (
            update insights.insight i
               set state = case when a.fate = 'resolved' then 'resolved' else i.state end
                 , resolution = case when a.fate = 'resolved' then a.resolution end
                 , resolved_at = case when a.fate = 'resolved' then r_at[a.n] end
                 , changed_at = case when a.fate = 'resolved' then r_at[a.n] else i.changed_at end
                 , na_seq = case when a.verdict = false then r_seq[a.n] else i.na_seq end
                 , na_since = case when a.verdict = false and a.na_seq is distinct from a.last_seq then r_at[a.n] else i.na_since end
                 -- what happens to its check elsewhere in the scope is not known while a part is written
                 , seen_at = case when r_first[a.n] is not null then coalesce(i.seen_at, a.done, i.changed_at)
                                  when a.fate = 'resolved' or a.elsewhere then coalesce(i.seen_at, a.done)
                                  else i.seen_at
                             end
              from absent a
             where i.account_id = r_account[a.n] and i.scope_id = merged[a.n] and i.key = a.old_key
               and (a.fate = 'resolved' or a.verdict = false or (a.elsewhere or r_first[a.n] is not null) and a.seen_at is null)
        ), recorded as (
            insert into insights.insight_event
                 ( account_id, scope_id, key, at, seq, kind, reason, was_severity, was_firm, was_title, was_evidence)
            select r_account[n], merged[n], p.key, r_at[n], r_seq[n], kind, null
                 , case when p.severity <> i.severity then i.severity end
                 , case when p.firm <> i.firm then i.firm end
                 , case when p.title <> i.title then i.title end
                 , case when p.evidence::jsonb <> i.evidence then i.evidence end
              from present p
              join insights.insight i on i.account_id = r_account[p.n] and i.scope_id = merged[p.n] and i.key = p.key
             where kind in ('confirmed', 'changed', 'reopened')
             union all
            select r_account[n], merged[n], old_key, r_at[n], r_seq[n], 'resolved', resolution, null, null, null, null
              from absent
             where fate = 'resolved'
        ), doubted as (
            insert into insights.withheld (account_id, scope_id, key, seq, since, resolution)
            select r_account[n], merged[n], old_key, r_seq[n], coalesce(doubted, r_at[n]), resolution
              from absent
             where fate = 'withheld'
                on conflict (account_id, scope_id, key) do update
               set seq = excluded.seq, since = excluded.since, resolution = excluded.resolution
        ), settled as (
            delete from insights.withheld w
             using target t
             where t.withheld > 0 and w.account_id = t.account_id and w.scope_id = t.scope_id
               and t.n not in (select n from judged where lacking)
               and (w.scope_id, w.key) not in (select merged[n], old_key from absent where fate = 'withheld')
               and (r_first[t.n] is null
                     or exists (select from insights.insight i
                                 where i.account_id = w.account_id and i.scope_id = w.scope_id and i.key = w.key
                                   and insights.place(i.subject) >= t.first_place and insights.place(i.subject) < t.end_place
                                   and (t.subjects is null or i.subject = any (t.subjects))))
        ), tally as (
            select n
                 , count(*) filter (where kind = 'opened')::int as opened
                 , count(*) filter (where kind in ('confirmed', 'changed'))::int as changed
                 , count(*) filter (where kind = 'reopened')::int as reopened
                 , count(*) filter (where kind = 'resolved')::int as resolved
                 , count(*) filter (where kind = 'withheld')::int as withheld
                 , count(*) filter (where kind in ('kept', 'withheld') or state = 'suspected') = 0 as exact
              from (select n, kind, state from present
                     union all
                    select n, fate, null from absent
                     union all
                    select n, null, null from unnest(todo) n where n not in (select n from judged where lacking)) change
             group by n
        ), noted as (
            update insights.scope s
               set last_seq = r_seq[t.n]
                 , last_scan_id = r_scan[t.n]
                 , scanned_at = r_at[t.n]
                 , revision = coalesce(r_revision[t.n], s.revision)
                 , looked_revision = coalesce(r_revision[t.n], s.looked_revision)
                 , opened = t.opened, changed = t.changed, reopened = t.reopened, resolved = t.resolved, withheld = t.withheld
                 , unchanged = r_insights[t.n] - t.opened - t.changed - t.reopened
                 , digest = case when t.exact then r_digest[t.n] end
                 , coverage = insights.coverage_after(s.coverage, s.scanned_at, r_coverage[t.n]::jsonb)
                 , parts = 0
              from tally t
             where s.account_id = r_account[t.n] and s.scope_id = merged[t.n] and r_first[t.n] is null
        ), ended as (
            delete from insights.part p
             using tally t
             where p.account_id = r_account[t.n] and p.scope_id = merged[t.n] and r_first[t.n] is null
        ), noted_part as (
            insert into insights.part
                 ( account_id, scope_id, first_place, end_place, subjects, generation, last_seq, last_scan_id, scanned_at, revision
                 , opened, changed, reopened, resolved, unchanged, withheld, digest, coverage)
            select r_account[n], merged[n], r_first[n], r_end[n], insights.list(r_subjects[n]), coalesce(r_generation[n], 0), r_seq[n], r_scan[n], r_at[n]
                 , r_revision[n], opened, changed, reopened, resolved, r_insights[n] - opened - changed - reopened, withheld
                 , case when exact then r_digest[n] end, r_coverage[n]::jsonb
              from tally
             where r_first[n] is not null
                on conflict (account_id, scope_id, first_place, end_place, subjects) do update
               set generation = excluded.generation
                 , last_seq = excluded.last_seq
                 , last_scan_id = excluded.last_scan_id
                 , scanned_at = excluded.scanned_at
                 , revision = excluded.revision
                 , opened = excluded.opened, changed = excluded.changed, reopened = excluded.reopened, resolved = excluded.resolved
                 , unchanged = excluded.unchanged, withheld = excluded.withheld
                 , digest = excluded.digest
                 , coverage = excluded.coverage
        )
        select n, case when opened + changed + reopened + resolved = 0 then 'unchanged' else 'applied' end
             , opened, changed, reopened, resolved, r_insights[n] - opened - changed - reopened, withheld
          from tally
         union all
        select n, 'bodies_required', 0, 0, 0, 0, 0, 0 from judged where lacking;
    end if;

    for held in select n from unnest(same || todo) n where r_first[n] is not null loop
        perform insights.follow_part(r_account[held.n], r_asset[held.n], r_checker[held.n], r_scan[held.n], r_seq[held.n]
                                    , r_revision[held.n], r_first[held.n], r_end[held.n], insights.list(r_subjects[held.n]));
    end loop;
end
$$
$text$;
    arrays constant text := replace(replace(replace(replace(replace(replace(replace(replace(replace(body
        , '{name}', 'apply_reports')
        , '{arguments}', '
, i_report int[], i_key uuid[], i_hash uuid[], i_severity int[], i_firm boolean[], i_check text[], i_subject text[]
, i_detail text[], i_title text[], i_evidence text[]')
        , '{settings}', 'set plan_cache_mode = force_generic_plan -- to plan it takes longer than to run it')
        , '{said}', 'select merged[i.n] as scope_id, i.*
              from unnest(i_report, i_key, i_hash, i_severity, i_firm, i_check, i_subject, i_detail, i_title, i_evidence)
                as i (n, key, content_hash, severity, firm, check_id, subject, detail, title, evidence)
             where merged[i.n] <> 0')
        , '{live}', 'select t.n, t.last_seq, i.scope_id, i.key as old_key, i.content_hash as old_hash, i.state, i.seen_at
                 , i.na_seq, i.na_since
                 , (t.results -> (i.check_id || '' '' || i.subject))::boolean as verdict
                 , t.is_range and not t.results ? ('' '' || i.subject) as gone
                 , insights.completed(t.coverage -> i.check_id, t.scanned_at) as done
                 , t.report -> i.check_id ?| array[''pass'', ''fail''] as elsewhere
              from target t
             cross join lateral (
                   select * from insights.insight i
                    where i.account_id = t.account_id and i.scope_id = t.scope_id and i.state <> ''resolved''
                      and insights.place(i.subject) >= t.first_place and insights.place(i.subject) < t.end_place
                      and (t.subjects is null or i.subject = any (t.subjects)) offset 0
                   ) i')
        , '{back}', 'select s.n, null, i.scope_id, i.key, i.content_hash, i.state, i.seen_at, i.na_seq, i.na_since, null, null, null, null
              from said s
             cross join lateral (
                   select * from insights.insight i
                    where i.account_id = r_account[s.n] and i.scope_id = s.scope_id and i.key = s.key and i.state = ''resolved'' offset 0
                   ) i')
        , '{carried}', 'old.verdict, old.gone, old.done, old.elsewhere')
        , '{looks}', 'verdict, gone, done, elsewhere')
        -- an order of its own for each index would be the same here: few rows
        , '{order}', '
             order by merged[n], key');
    stage text;
begin
    for old in
        select p.oid from pg_proc p
         where p.pronamespace = 'insights'::regnamespace and (p.proname = 'apply_reports' or p.proname like 'apply\_stage\_%')
    loop
        execute 'drop function ' || old;
    end loop;
    execute arrays;
    for slot in 1..16 loop
        stage := 'insights.stage_' || slot;
        -- A custom plan knows how many rows wait; the joins by key go on probing.
        execute replace(replace(replace(replace(replace(replace(replace(replace(replace(body
            , '{name}', 'apply_stage_' || slot)
            , '{arguments}', '')
            , '{settings}', 'set plan_cache_mode = force_custom_plan
set work_mem = ''128MB''')
            , '{said}', format('select 1 as n, merged[1] as scope_id, s.* from %s s where s.key is not null', stage))
            , '{live}', 'select 1 as n, t.last_seq, i.scope_id, i.key as old_key, i.content_hash as old_hash, i.state, i.seen_at
                 , i.na_seq, i.na_since, i.check_id as old_check, i.subject as old_subject
              from insights.insight i
             cross join (select * from target offset 0) t
             where i.account_id = r_account[1] and i.scope_id = merged[1] and i.state <> ''resolved''
               and insights.place(i.subject) >= t.first_place and insights.place(i.subject) < t.end_place
               and (t.subjects is null or i.subject = any (t.subjects))')
            , '{back}', 'select 1, null, i.scope_id, i.key, i.content_hash, i.state, i.seen_at, i.na_seq, i.na_since, null, null
              from said s
             cross join lateral (
                   select * from insights.insight i
                    where i.account_id = r_account[1] and i.scope_id = s.scope_id and i.key = s.key and i.state = ''resolved'' offset 0
                   ) i
             where s.key not in (select old_key from live)')
            , '{carried}', 'old.old_check, old.old_subject')
            -- a sub-select of many rows is hashed, in contrast to a join
            , '{looks}', format('case when (old_check, old_subject) in (select s.check_id, s.subject from %1$s s where s.key is null and s.verdict) then true
                           when (old_check, old_subject) in (select s.check_id, s.subject from %1$s s where s.key is null and not s.verdict) then false
                      end as verdict
                    , (select t.is_range from target t) and old_subject not in (select s.subject from %1$s s where s.key is null) as gone
                    , (select insights.completed(t.coverage -> old_check, t.scanned_at) from target t) as done
                    , (select t.report -> old_check ?| array[''pass'', ''fail''] from target t) as elsewhere', stage))
            , '{order}', '');
    end loop;
end
$make$;

-- Leases an empty slot to this session, until it unlocks (4242, slot) or ends; null: all are taken. A slot is empty
-- unless a session died on it or another's old snapshot kept its rows from being vacuumed; only then it is truncated,
-- which writes to the catalogs.
create or replace function insights.lease_stage() returns int
language plpgsql
as $$
begin
    for slot in 1..16 loop
        if pg_try_advisory_lock(4242, slot) then
            if pg_relation_size(format('insights.stage_%s', slot)) > 0 then
                execute format('truncate insights.stage_%s', slot);
            end if;
            return slot;
        end if;
    end loop;
    return null;
end
$$;
