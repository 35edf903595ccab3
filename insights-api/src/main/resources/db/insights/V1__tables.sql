-- What this service knows of the inventory. A deleted row stays as a tombstone, so that a late report cannot bring it back.
create table insights.account
( id      uuid    not null primary key
, name    text    not null
, plan    text    not null
, deleted boolean not null default false
);

create table insights.asset
( account_id uuid    not null
, id         uuid    not null
, kind       text    not null
, name       text    not null
, endpoints  text[]  not null -- those in effect: named by the owner, else derived from the name
, deleted    boolean not null default false
, primary key (account_id, id)
);

-- The unit that is fenced by a rising sequence: one checker on one asset. It keeps its last answer and its coverage, so
-- that there is no row per scan. Every report rewrites this row and none of its indexed columns: half of each page
-- stays free for that.
create table insights.scope
( scope_id     bigint      not null generated always as identity
, account_id   uuid        not null
, asset_id     uuid        not null
, checker      text        not null
, removed      boolean     not null default false -- the asset is gone: no report is taken
, last_seq     bigint      not null default 0
, last_scan_id uuid
, scanned_at   timestamptz                        -- when the last scan had looked
, opened       int         not null default 0     -- from here to unchanged: the last answer
, changed      int         not null default 0
, reopened     int         not null default 0
, resolved     int         not null default 0
, unchanged    int         not null default 0
, digest       uuid                               -- of the last report, if the open insights are exactly its insights
, coverage     jsonb       not null default '{}'  -- by check; see coverage_after
, primary key (account_id, asset_id, checker)
, unique (account_id, scope_id)
) with (fillfactor = 50);
create index scope_of_asset on insights.scope (asset_id);

-- One problem, found by a check on a subject; the scanner's side of it.
create table insights.insight
( account_id   uuid        not null
, scope_id     bigint      not null
, key          uuid        not null -- over check, subject and detail
, id           uuid        not null default uuidv7()
, content_hash uuid        not null -- over all that may change
, severity     smallint    not null check (severity between 0 and 4)
, firm         boolean     not null
, state        text        not null check (state in ('suspected', 'open', 'resolved'))
, check_id     text        not null
, subject      text        not null
, detail       text        not null
, title        text        not null
, evidence     jsonb       not null
, first_seen   timestamptz not null
, changed_at   timestamptz not null
, seen_at      timestamptz          -- null: seen by the last scan that completed its check
, resolved_at  timestamptz
, resolution   text check (resolution in ('fixed', 'no_longer_applicable', 'removed'))
, opened_seq   bigint      not null
, na_seq       bigint               -- the last scan whose check did not apply to the subject
, primary key (account_id, scope_id, key)
, check ((state = 'resolved') = (resolved_at is not null and resolution is not null))
) with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
create unique index insight_by_id on insights.insight (id);
create index insight_live_of_account on insights.insight (account_id, severity desc, id desc) where state <> 'resolved';
create index insight_live on insights.insight (severity desc, id desc) where state <> 'resolved';

-- What happened to an insight after it was opened; its opening is the row itself. The time of recording is in the key
-- so that the table can be partitioned by it.
create table insights.insight_event
( account_id   uuid        not null
, scope_id     bigint      not null
, key          uuid        not null
, recorded_at  timestamptz not null default now()
, at           timestamptz not null -- when the scan had looked
, seq          bigint      not null
, kind         text        not null check (kind in ('confirmed', 'changed', 'reopened', 'resolved'))
, reason       text                 -- of a resolution
, was_severity smallint             -- from here on: what it said before, where that differs
, was_firm     boolean
, was_title    text
, was_evidence jsonb
, primary key (account_id, scope_id, key, recorded_at)
);
