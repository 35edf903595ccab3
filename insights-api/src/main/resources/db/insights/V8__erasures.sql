-- How many rows of what have been erased of a deleted account; null: nothing that is not in the audit already.
alter table insights.account add column erased jsonb;
