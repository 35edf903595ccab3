-- The history by the month (UTC) in which it was recorded, so that what is too old is dropped and not deleted. What there
-- is becomes the first partition: all up to the end of this month. `keep_history` makes the others; what finds no month
-- of its own goes to the rest, so no report ever fails for want of a partition.
do $$
declare
    last  constant timestamptz := date_trunc('month', greatest(now(), (select max(recorded_at) from insights.insight_event)), 'UTC');
    first constant text := to_char(last at time zone 'UTC', '"insight_event_"YYYY_MM');
begin
    execute format('alter table insights.insight_event rename to %I', first);
    execute format('alter index insights.insight_event_pkey rename to %I', first || '_pkey');
    execute format('create table insights.insight_event (like insights.%I including all) partition by range (recorded_at)', first);
    execute format('alter table insights.insight_event attach partition insights.%I for values from (minvalue) to (%L)'
                  , first, date_add(last, '1 month', 'UTC'));
    create table insights.insight_event_rest partition of insights.insight_event default;
end
$$;
