-- What changes of an insight is in no index, so its new version is written into them only where its page has no room.
alter table insights.insight set (fillfactor = 85);
