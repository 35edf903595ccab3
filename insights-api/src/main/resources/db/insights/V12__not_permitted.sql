-- As before, and nobody owes the answer of a check that was not permitted to look.
create or replace function insights.answered(entry jsonb, scanned_at timestamptz) returns timestamptz
language sql stable parallel safe
return case when entry ?| array['pass', 'fail', 'not_applicable', 'not_permitted'] then coalesce((entry ->> 'at')::timestamptz, scanned_at)
            else coalesce((entry ->> 'since')::timestamptz, (entry ->> 'done')::timestamptz)
       end;

create or replace function insights.coverage_after(before jsonb, scanned_at timestamptz, report jsonb) returns jsonb
language sql stable parallel safe
return case
    when before = report then before
    else (select coalesce(jsonb_object_agg(key, case
                     when r.value is null then jsonb_build_object('at', scanned_at) || b.value
                     when r.value ?| array['pass', 'fail'] then r.value
                     else r.value || jsonb_strip_nulls(jsonb_build_object
                          ( 'done', insights.completed(b.value, scanned_at)
                          , 'since', case when not r.value ?| array['not_applicable', 'not_permitted']
                                          then coalesce(insights.answered(b.value, scanned_at), scanned_at) end))
                 end), '{}')
            from jsonb_each(before) b full join jsonb_each(report) r using (key))
end;
