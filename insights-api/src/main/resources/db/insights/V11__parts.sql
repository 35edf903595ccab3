-- The parts of a scope that were reported by themselves: each has a fence, a digest and an answer of its own. A report on the whole
-- scope ends them. `parts` counts those of a scope, so that one without any looks for none.
alter table insights.scope add column parts int not null default 0;

create table insights.part
( account_id   uuid        not null
, scope_id     bigint      not null
, first_place  bigint      not null
, end_place    bigint      not null -- the first one behind it
, subjects     text[]               -- these alone; null: all in between
, generation   bigint      not null -- of the asset's records
, last_seq     bigint      not null
, last_scan_id uuid        not null
, scanned_at   timestamptz not null
, revision     bigint               -- of the asset
, opened       int         not null
, changed      int         not null
, reopened     int         not null
, resolved     int         not null
, unchanged    int         not null
, withheld     int         not null
, digest       uuid
, coverage     jsonb       not null
, unique nulls not distinct (account_id, scope_id, first_place, end_place, subjects)
);

-- A list in JSON; null: none.
create function insights.list(of_text text) returns text[]
language sql immutable parallel safe
return case when of_text is not null then array(select jsonb_array_elements_text(of_text::jsonb)) end;

-- Whether two parts have a subject in common, or may have.
create function insights.meets(first_a bigint, end_a bigint, subjects_a text[], first_b bigint, end_b bigint, subjects_b text[])
returns boolean
language sql immutable parallel safe
return first_a < end_b and first_b < end_a
   and case when subjects_a is null and subjects_b is null then true
            when subjects_a is null then exists (select from unnest(subjects_b) s where insights.place(s) >= first_a and insights.place(s) < end_a)
            when subjects_b is null then exists (select from unnest(subjects_a) s where insights.place(s) >= first_b and insights.place(s) < end_b)
            else subjects_a && subjects_b
       end;

-- The coverage of all parts of a scan together: results are added, and of the reasons why not an error's comes first.
create function insights.coverage_of_parts(of_account uuid, of_scope bigint, of_seq bigint) returns jsonb
language sql stable
return (select coalesce(jsonb_object_agg(check_id, entry), '{}')
          from (select c.key as check_id
                     , jsonb_strip_nulls(jsonb_build_object
                       ( 'pass', sum((c.value ->> 'pass')::int)
                       , 'fail', sum((c.value ->> 'fail')::int)
                       , 'not_applicable', sum((c.value ->> 'not_applicable')::int)
                       , 'error', sum((c.value ->> 'error')::int)
                       , 'not_permitted', sum((c.value ->> 'not_permitted')::int)
                       , 'why', (array_agg(c.value ->> 'why' order by c.value ?| array['error', 'not_permitted'] desc, p.first_place)
                                 filter (where c.value ? 'why'))[1])) as entry
                  from insights.part p
                 cross join lateral jsonb_each(p.coverage) c
                 where p.account_id = of_account and p.scope_id = of_scope and p.last_seq = of_seq and p.subjects is null
                 group by c.key) e);
