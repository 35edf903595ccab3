-- Which lane a scan is stamped for, and who may order how many scans.

-- How many records a zone has.
alter table scheduler.asset add column records bigint not null default 0;

-- How long a scan of the scope is expected to run: up at once, down by half of the difference.
alter table scheduler.scope add column usual_millis bigint;
-- Whether the open scan may take long, whatever its lane is.
alter table scheduler.scope add column scan_lengthy boolean not null default false;
-- How many scans in a row came to nothing.
alter table scheduler.scope add column losses int not null default 0;

update scheduler.scope set usual_millis = reported_millis where reported_millis is not null;

-- Whether a scan may take long: by its checker's class, by what there is to look at, or by what it took before.
create function scheduler.is_lengthy(slow_class boolean, records bigint, usual_millis bigint, slow_records bigint, slow_millis bigint) returns boolean
    language sql immutable parallel safe
    return slow_class or records > slow_records or coalesce(usual_millis > slow_millis, false);

-- How many scans on demand an account may still order: a token bucket.
create table scheduler.on_demand_quota (
    account_id uuid primary key references scheduler.account on delete cascade,
    tokens double precision not null,
    refilled_at timestamptz not null
);
