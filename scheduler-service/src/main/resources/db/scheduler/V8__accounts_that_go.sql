-- An account that is being deleted, some assets at a time: to everybody else it is gone.
alter table scheduler.account add column going boolean not null default false;
create index account_going on scheduler.account (id) where going;
