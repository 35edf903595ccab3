-- What operators ordered of services without a database. What held before and after is json and not jsonb: it takes
-- every text that a sender may write.
create table insights.audit
( id      uuid        not null primary key
, at      timestamptz not null
, service text        not null
, replica text        not null
, actor   text        not null
, action  text        not null
, target  text        not null
, before  json
, after   json
);
create index audit_by_time on insights.audit (at desc, id desc);
