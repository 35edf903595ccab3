-- Which revision of its asset a scope goes by: the newest that the inventory or a report has told of. A report on an older one is
-- superseded. What the last report looked at is apart, since the inventory may be ahead of it.
alter table insights.asset add column revision bigint not null default 0;
alter table insights.scope
    add column revision bigint not null default 0,
    add column looked_revision bigint not null default 0;

-- What the inventory has said is gone, until all insights on it are closed, some at a time.
create table insights.removal
( id         bigint      not null generated always as identity primary key
, account_id uuid        not null
, asset_id   uuid        not null
, revision   bigint      not null -- of the asset without it
, deleted    boolean     not null -- the asset itself
, gone       text[]               -- the subjects that are gone; null: all but those that stay
, staying    text[]      not null default '{}'
, noted_at   timestamptz not null default now()
, due        timestamptz not null default now() -- until then it is somebody's, or waits for a lock
);
create index removal_of_asset on insights.removal (account_id, asset_id, id);
create index removal_due on insights.removal (due);

-- Two scans agree only if some time lies between them: since when a check does not apply, or closes are withheld.
alter table insights.insight add column na_since timestamptz;
alter table insights.withheld add column since timestamptz not null default now();

alter table insights.insight drop constraint insight_resolution_check;
alter table insights.insight add constraint insight_resolution_check
    check (resolution in ('fixed', 'no_longer_applicable', 'removed', 'check_gone', 'disabled'));

-- Where a subject lies in the order by which a large asset is scanned in parts: 0 to 2^32 - 1, the CRC-32 of its UTF-8.
create function insights.place(subject text) returns bigint
language sql immutable parallel safe
return crc32(convert_to(subject, 'UTF8'));

-- What a report is compared to, and what is old enough to leave: neither reads all that a scope ever had.
create index insight_live_of_scope on insights.insight (account_id, scope_id, insights.place(subject)) where state <> 'resolved';
create index insight_resolved on insights.insight (resolved_at) where state = 'resolved';

-- Scopes whose asset is gone are looked for from there, and accounts that are to be erased.
create index asset_deleted on insights.asset (account_id, id) where deleted;
create index account_to_erase on insights.account (id) where erased is not null;

-- The revision of an asset that the inventory has told of; 0: of none.
create function insights.revision_of(account uuid, asset uuid) returns bigint
language sql stable parallel safe
return coalesce((select revision from insights.asset a where a.account_id = account and a.id = asset), 0);

-- Whether a check came to PASS or FAIL in the last report of its scope, by its entry in the coverage.
create function insights.answered_last(entry jsonb) returns boolean
language sql immutable parallel safe
return coalesce(entry ?| array['pass', 'fail'] and not entry ? 'at', false);
