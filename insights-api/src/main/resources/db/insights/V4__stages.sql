-- Where the rows of a large report wait to be merged: one slot a report, leased by an advisory lock of its session. No
-- constraint and no index: all was checked before, and it is read once from end to end. Nothing of it outlives a crash,
-- nothing of it is logged, and autovacuum keeps away: who leases a slot empties it.
do $$
begin
    for slot in 1..16 loop
        execute format($sql$
            create unlogged table insights.stage_%s
            ( key          uuid -- null: a result
            , content_hash uuid
            , severity     int
            , firm         boolean
            , check_id     text -- null: as it was
            , subject      text
            , detail       text
            , title        text
            , evidence     text
            , verdict      boolean -- of a result: true for PASS and FAIL, false for NOT_APPLICABLE
            ) with (autovacuum_enabled = off, toast.autovacuum_enabled = off)
            $sql$, slot);
    end loop;
end
$$;

-- The closes that were withheld because they were implausibly many: to be done if the next scan says so again. A row
-- counts as long as no later scan of its scope was written.
create table insights.withheld
( account_id uuid   not null
, scope_id   bigint not null
, key        uuid   not null
, seq        bigint not null
, resolution text   not null
, primary key (account_id, scope_id, key)
);
alter table insights.scope add withheld int not null default 0;
create index scope_withheld on insights.scope (account_id, scope_id) where withheld > 0;
