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
    CHECK (flagged IN (0, 1))
) STRICT;
CREATE INDEX issue_index_by_receipt ON issue_index_docs (received_at, id);
CREATE INDEX issue_index_by_release ON issue_index_docs (released_at, id) WHERE released_at IS NOT NULL;
CREATE INDEX issue_index_by_due ON issue_index_docs (due_order, id);
DELETE FROM issue_index_terms;
DELETE FROM issue_index_todo;
-- Whoever keeps sets in memory learns that they are no longer valid.
UPDATE issue_index_chunks SET version = version + 1;
INSERT INTO issue_index_todo (seq) SELECT seq FROM issues ORDER BY seq;
ALTER TABLE issues DROP COLUMN reminders;
