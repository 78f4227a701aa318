-- Messages that wait for their delivery 待发消息: written in the transaction that causes them, gone when delivered. About
-- one aggregate they are delivered in the order of seq.
CREATE TABLE outbox (
    seq INTEGER PRIMARY KEY,
    aggregate TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    -- Not tried again before; NULL until a try failed.
    retry_at INTEGER,
    last_error TEXT
) STRICT;
CREATE INDEX outbox_by_aggregate ON outbox (aggregate, seq);

-- Who gets notices: the office, a unit, an inspector. last_seq is the number of its latest notice.
CREATE TABLE notice_recipients (
    recipient TEXT PRIMARY KEY,
    last_seq INTEGER NOT NULL
) STRICT;

-- Notices 消息. "at" is as exact as the recipient may know it.
CREATE TABLE notices (
    id BLOB PRIMARY KEY,
    recipient TEXT NOT NULL REFERENCES notice_recipients (recipient) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL,
    issue_id BLOB NOT NULL REFERENCES issues (id) ON DELETE CASCADE,
    occasion INTEGER NOT NULL,
    at INTEGER NOT NULL
) STRICT;
-- What is delivered twice is told once.
CREATE UNIQUE INDEX notices_once ON notices (issue_id, kind, recipient, occasion);
CREATE INDEX notices_by_time ON notices (recipient, kind, at, id);
CREATE INDEX notices_by_seq ON notices (recipient, kind, seq);
CREATE INDEX notices_by_age ON notices (at);

-- How far somebody has read, on whichever device.
CREATE TABLE notice_marks (
    user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    recipient TEXT NOT NULL,
    read_through INTEGER NOT NULL,
    PRIMARY KEY (user_id, recipient)
) STRICT;

-- Kinds that somebody has switched off.
CREATE TABLE notice_mutes (
    user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    PRIMARY KEY (user_id, kind)
) STRICT;
