-- How often the office has reminded the unit of an issue 督办提醒; NULL for never.
ALTER TABLE issues ADD COLUMN reminders INTEGER;

-- The index of issues (ADR 0025) learns what the figures and the new filters need. It is made again from the issues.
DROP TABLE issue_index_docs;
CREATE TABLE issue_index_docs (
    seq INTEGER PRIMARY KEY,
    id BLOB NOT NULL,
    state TEXT NOT NULL,
    round INTEGER NOT NULL,
    severity TEXT NOT NULL,
    campaign TEXT NOT NULL,
    item_code TEXT NOT NULL,
    point_id BLOB NOT NULL,
    unit_id BLOB,
    finder_id BLOB NOT NULL,
    checker_id BLOB,
    look_back_inspector_id BLOB,
    received_at INTEGER NOT NULL,
    released_at INTEGER,
    due_order INTEGER NOT NULL,
    flagged INTEGER NOT NULL,
    pending TEXT NOT NULL,
    words TEXT NOT NULL,
    area_code TEXT NOT NULL,
    handler TEXT NOT NULL,
    is_rebound INTEGER NOT NULL,
    reminders INTEGER NOT NULL,
    on_time INTEGER,
    closed_at INTEGER,
    days_open INTEGER,
    CHECK (flagged IN (0, 1)),
    CHECK (is_rebound IN (0, 1)),
    CHECK (on_time IN (0, 1))
) STRICT;

CREATE INDEX issue_index_by_receipt ON issue_index_docs (received_at, id);
CREATE INDEX issue_index_by_release ON issue_index_docs (released_at, id) WHERE released_at IS NOT NULL;
CREATE INDEX issue_index_by_due ON issue_index_docs (due_order, id);
CREATE INDEX issue_index_by_closing ON issue_index_docs (closed_at, id) WHERE closed_at IS NOT NULL;

DELETE FROM issue_index_terms;
DELETE FROM issue_index_todo;
-- Whoever keeps sets in memory learns that they are no longer valid.
UPDATE issue_index_chunks SET version = version + 1;
INSERT INTO issue_index_todo (seq) SELECT seq FROM issues ORDER BY seq;
