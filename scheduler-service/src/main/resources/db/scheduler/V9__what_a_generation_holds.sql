-- How many records a generation has, so that whoever reads it knows when some are missing, and a digest of them, so that the same
-- ones again are no news.
alter table scheduler.record_generation
    add column records int not null default 0,
    add column digest bytea;

update scheduler.record_generation g set records = a.records from scheduler.asset a where a.id = g.asset_id and g.state = 'current';
