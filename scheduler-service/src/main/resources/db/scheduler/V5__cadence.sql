-- Changing an interval without a burst, how fresh each plan is, and new assets that come in large numbers.

-- Since when an interval's change still has to reach the scopes, and up to which asset it has; null: it is done.
alter table scheduler.plan add column changed_at timestamptz;
alter table scheduler.plan add column respread_to uuid;

-- As of scheduler.pace.counted_at: scopes that never had a completed scan, those whose last one is younger than promised, and how old
-- the last ones are.
alter table scheduler.plan add column never_scanned bigint not null default 0;
alter table scheduler.plan add column fresh bigint not null default 0;
alter table scheduler.plan add column age_p50 interval;
alter table scheduler.plan add column age_p99 interval;

-- How long jobs have been waiting in the fast lane, in seconds, and which term decided the rate.
alter table scheduler.pace add column lane_age double precision not null default 0;
alter table scheduler.pace add column because text not null default 'floor';

-- When the last of an account's new scopes has its turn.
alter table scheduler.account add column newcomers_until timestamptz not null default '-infinity';
