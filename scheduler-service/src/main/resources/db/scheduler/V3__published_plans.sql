-- The interval that the inventory topic was last told of; whoever changes `every` need not know of it.
alter table scheduler.plan add column published interval;
