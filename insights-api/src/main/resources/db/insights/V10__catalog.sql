-- The catalogues of checks that checkers publish; a report names its catalogue by the hash.
create table insights.catalog
( hash    text        not null primary key
, checks  jsonb       not null               -- an array of {id, checker, disabled}
, told_at timestamptz not null default now() -- when a checker last published it
);

-- How far the walk over all scopes is that closes the insights of checks that no checker has any more. One row.
create table insights.catalog_walk
( singleton        boolean     not null primary key default true check (singleton)
, living           text                               -- hash over the checks of the living catalogues; null: none lives
, since            timestamptz not null default now() -- when that became so
, account_id_after uuid        not null default '00000000-0000-0000-0000-000000000000' -- the last scope that it has passed
, scope_id_after   bigint      not null default 0
, done_at          timestamptz                        -- when it last came to its end; null: not since then
);
insert into insights.catalog_walk default values;
