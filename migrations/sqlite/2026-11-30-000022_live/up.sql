-- How many changes each kind of reader could see, counted when their messages are delivered. A page that is open asks
-- whether its number is still the same. Left out of backups: it starts anew.
CREATE TABLE change_counts (
    topic TEXT PRIMARY KEY,
    count INTEGER NOT NULL
) STRICT;
