-- Rises with every change of an asset's name, endpoints or records, and travels with its scans: a report on an asset that has changed
-- since is refused.
alter table scheduler.asset add column revision bigint not null default 1;

-- Answers more than before; it is made anew.
drop function if exists scheduler.claim(timestamptz, timestamptz, text[], text[], bigint, bigint, int, timestamptz);
