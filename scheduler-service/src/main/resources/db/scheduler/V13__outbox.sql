-- The outbox holds orders for the audit as well as changes of the inventory, so it is called by neither. Under its old name it shows
-- the changes of the inventory alone: a release that knows no other topic would publish orders as such, while it serves beside a newer
-- one or after an upgrade was taken back.
alter table scheduler.inventory_outbox rename to outbox;

create view scheduler.inventory_outbox as
select id, key, value, topic
  from scheduler.outbox
 where topic = 'outrider-inventory';
