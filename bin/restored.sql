-- What a database restored from a backup needs before the scheduler goes on with it; docs/operations.md, section 8, has the steps
-- around it. The insights API has read again what Kafka tells of the time since the backup; here the scheduler's tables follow.
-- All of it happens or nothing, and it may be run again.
begin;

do $$
begin
    if exists (select from pg_stat_activity where datname = current_database() and application_name = 'scheduler-service') then
        raise exception 'The scheduler is at work on this database: stop it first.';
    end if;
end
$$;

-- Endpoints as their owner named them: none where they are those that follow from the name.
create or replace function pg_temp.named(name text, endpoints text[]) returns text[] language sql immutable
return case when endpoints = array['https://' || name, 'http://' || name] then '{}' else endpoints end;

-- What is deleted stays so. An account goes with all it has, in steps, as soon as the scheduler runs.
update scheduler.account a
   set going = true
  from insights.account k
 where k.id = a.id
   and k.deleted
   and not a.going;

create temporary table gone on commit drop as
select a.id from scheduler.asset a join insights.asset k on k.account_id = a.account_id and k.id = a.id where k.deleted;

delete from scheduler.scope where asset_id in (select id from gone);
delete from scheduler.asset where id in (select id from gone);
update scheduler.record_generation set state = 'old', since = now() where asset_id in (select id from gone) and state = 'current';

-- What the backup had not told to Kafka yet is told now, unless it is about something that is deleted.
delete from scheduler.outbox o
 using (select 'asset/' || id as key from gone
         union all
        select 'account/' || id from scheduler.account where going
         union all
        select 'asset/' || s.id from scheduler.asset s join scheduler.account a on a.id = s.account_id where a.going) d
 where o.topic = 'outrider-inventory'
   and o.key = d.key;

create temporary table untold on commit drop as
select key from scheduler.outbox where topic = 'outrider-inventory';

-- Newer than all that Kafka has told since, or it would not be taken.
update scheduler.outbox o
   set value = jsonb_set(o.value::jsonb, '{revision}', to_jsonb(k.revision + 1))::text
  from insights.asset k
 where o.topic = 'outrider-inventory'
   and o.key = 'asset/' || k.id
   and coalesce((o.value::jsonb ->> 'revision')::bigint, 0) <= k.revision;

-- Accounts and assets that were added or changed after the backup are as Kafka has them, and due at once.
insert into scheduler.account (id, name, plan, created_at)
select id, name, lower(plan), coalesce(uuid_extract_timestamp(id), now())
  from insights.account k
 where not deleted
   and not exists (select from untold where key = 'account/' || k.id)
    on conflict do nothing;

update scheduler.account a
   set name = k.name
     , plan = lower(k.plan)
     , replanned_at = case when a.plan = lower(k.plan) then a.replanned_at else now() end
     , replanned_to = case when a.plan = lower(k.plan) then a.replanned_to else '00000000-0000-0000-0000-000000000000' end
  from insights.account k
 where k.id = a.id
   and not k.deleted
   and not a.going
   and (a.name, a.plan) <> (k.name, lower(k.plan))
   and not exists (select from untold where key = 'account/' || k.id);

create temporary table news on commit drop as
select k.id, k.account_id, lower(k.kind) as kind, k.name, pg_temp.named(k.name, k.endpoints) as endpoints, s.name as was
  from insights.asset k
  join scheduler.account a on a.id = k.account_id and not a.going
  left join scheduler.asset s on s.id = k.id
 where not k.deleted
   and (s.id is null or s.name <> k.name or pg_temp.named(s.name, s.endpoints) <> pg_temp.named(k.name, k.endpoints))
   and not exists (select from untold where key = 'asset/' || k.id);

-- In two steps: two of them may have changed names.
update scheduler.asset s set name = s.id::text from news n where n.id = s.id;
update scheduler.asset s
   set name = n.name
     , endpoints = n.endpoints
     , records = case when n.was = n.name then s.records else 0 end
  from news n
 where n.id = s.id;
update scheduler.record_generation g set state = 'old', since = now()
  from news n
 where n.id = g.asset_id and n.was <> n.name and g.state = 'current';

insert into scheduler.asset (id, account_id, kind, name, endpoints, created_at)
select id, account_id, kind, name, endpoints, coalesce(uuid_extract_timestamp(id), now())
  from news
 where was is null
 order by id;
insert into scheduler.scope (asset_id, checker, account_id, next_due)
select n.id, c.number, n.account_id, now()
  from news n cross join scheduler.checker c
 where c.active
    on conflict (asset_id, checker) do update set next_due = least(scope.next_due, excluded.next_due);

-- Scans from now on are of a newer revision of their asset than any that was told of since the backup.
update scheduler.asset s
   set revision = greatest(s.revision, coalesce((select revision from insights.asset k where k.account_id = s.account_id and k.id = s.id), 0)) + 1;

-- A scan that was open may have ended since, in what is lost. Its scope is due again, and the rate spreads them.
update scheduler.scope s
   set last_scan_id = s.scan_id
     , last_outcome = 'superseded'
     , last_lane = o.scan_lane
     , last_attempted_at = s.attempted_at
     , last_started_at = s.started_at
     , last_closed_at = now()
     , last_duration_millis = null
     , last_why = 'the database was restored from a backup'
     , next_due = case when s.next_due < 'infinity' then least(s.next_due, now()) else s.next_due end
     , missed = false
     , scan_id = null
     , batch = null
     , ordinal = null
     , started_at = null
  from (select s.asset_id, k.number, s.scan_lane from scheduler.standing s join scheduler.checker k using (checker)) o
 where s.scan_id is not null
   and o.asset_id = s.asset_id
   and o.number = s.checker;
truncate scheduler.open_scan, scheduler.batch;
update scheduler.outbox_lease set held_until = '-infinity';

-- Scans since the backup have taken numbers that the backup does not know, and some of their jobs are still to be run: every scan
-- from now on has a higher one.
update scheduler.scope set sequence = sequence + 1000000;

-- Keys that were taken back stay so, and secrets that were rotated away end when they were told to. A rotation notes itself a moment
-- after it has made the new secret.
delete from scheduler.api_key k
 using insights.audit a
 where a.action = 'key.remove'
   and a.target = 'key/' || k.id;
update scheduler.api_secret s
   set expires_at = r.ends
  from (select s.hash, min((a.before ->> 'expires_at')::timestamptz) as ends
          from scheduler.api_secret s
          join insights.audit a on a.action = 'key.rotate' and a.target = 'key/' || s.key_id
         where s.created_at < a.at - interval '1 second'
         group by s.hash) r
 where r.hash = s.hash
   and r.ends < s.expires_at;

-- The intervals of the plans are those of the backup again, and Kafka is told so.
update scheduler.plan set published = null;
update scheduler.pace set recount_asked = true;
update scheduler.account a
   set scopes = (select count(*) from scheduler.scope s where s.account_id = a.id and s.next_due < 'infinity');

commit;
