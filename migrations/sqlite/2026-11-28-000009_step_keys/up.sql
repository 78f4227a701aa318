-- Keys that clients give their steps (ADR 0021): by one of them a step that comes again is told from another's. A row
-- stands as long as the event it names; `digest` is of the issue, the action and the body.
CREATE TABLE step_keys (
    actor_id BLOB NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    step_key BLOB NOT NULL,
    issue_id BLOB NOT NULL REFERENCES issues (id) ON DELETE RESTRICT,
    version INTEGER NOT NULL,
    digest BLOB NOT NULL,
    PRIMARY KEY (actor_id, step_key),
    CHECK (length(step_key) = 16),
    CHECK (length(digest) = 32)
) STRICT, WITHOUT ROWID;
CREATE INDEX step_keys_by_issue ON step_keys (issue_id, version);
