-- How often the assets of a plan are due, as the scheduler tells.
create table insights.plan
( plan  text     not null primary key
, every interval not null
);

-- From when on a check of the scope that has never answered owes an answer.
alter table insights.scope add column since timestamptz not null default now();

-- When a check last came to anything but ERROR on any subject; null: not known to have, ever.
create function insights.answered(entry jsonb, scanned_at timestamptz) returns timestamptz
language sql stable parallel safe
return case when entry ?| array['pass', 'fail', 'not_applicable'] then coalesce((entry ->> 'at')::timestamptz, scanned_at)
            else coalesce((entry ->> 'since')::timestamptz, (entry ->> 'done')::timestamptz)
       end;

-- As before, and a check that could not tell of any subject keeps since when it owes an answer: `since`, the last one
-- or, where it is new to the scope, the scan before it.
create or replace function insights.coverage_after(before jsonb, scanned_at timestamptz, report jsonb) returns jsonb
language sql stable parallel safe
return case
    when before = report then before
    else (select coalesce(jsonb_object_agg(key, case
                     when r.value is null then jsonb_build_object('at', scanned_at) || b.value
                     when r.value ?| array['pass', 'fail'] then r.value
                     else r.value || jsonb_strip_nulls(jsonb_build_object
                          ( 'done', insights.completed(b.value, scanned_at)
                          , 'since', case when not r.value ? 'not_applicable'
                                          then coalesce(insights.answered(b.value, scanned_at), scanned_at) end))
                 end), '{}')
            from jsonb_each(before) b full join jsonb_each(report) r using (key))
end;
