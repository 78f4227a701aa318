-- The index of issues (ADR 0025): sets of issues by what they have in common, from which lists, counts and searches are
-- answered. All of it can be made again from the issues, so no backup carries it.

-- Issues that have changed since they were last brought into the index. Triggers write it, so that no change is missed.
CREATE TABLE issue_index_todo (
    id INTEGER PRIMARY KEY,
    seq INTEGER NOT NULL
) STRICT;

-- What the index knows of each issue.
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

-- The issues that have a term, in chunks of 65,536 numbers, each a Roaring bitmap.
CREATE TABLE issue_index_terms (
    term TEXT NOT NULL,
    chunk INTEGER NOT NULL,
    bits BLOB NOT NULL,
    PRIMARY KEY (term, chunk)
) STRICT, WITHOUT ROWID;

-- Grows with each change of a chunk: what is kept in memory is valid while it stays the same.
CREATE TABLE issue_index_chunks (
    chunk INTEGER PRIMARY KEY,
    version INTEGER NOT NULL
) STRICT;

CREATE TRIGGER issue_index_added AFTER INSERT ON issues BEGIN
    INSERT INTO issue_index_todo (seq) VALUES (NEW.seq);
END;
CREATE TRIGGER issue_index_changed AFTER UPDATE ON issues BEGIN
    INSERT INTO issue_index_todo (seq) VALUES (NEW.seq);
END;
CREATE TRIGGER issue_index_flagged AFTER INSERT ON issue_flags BEGIN
    INSERT INTO issue_index_todo (seq) SELECT seq FROM issues WHERE id = NEW.issue_id;
END;
CREATE TRIGGER issue_index_unflagged AFTER DELETE ON issue_flags BEGIN
    INSERT INTO issue_index_todo (seq) SELECT seq FROM issues WHERE id = OLD.issue_id;
END;
CREATE TRIGGER issue_index_asked AFTER INSERT ON issue_requests BEGIN
    INSERT INTO issue_index_todo (seq) SELECT seq FROM issues WHERE id = NEW.issue_id;
END;
CREATE TRIGGER issue_index_answered AFTER UPDATE ON issue_requests BEGIN
    INSERT INTO issue_index_todo (seq) SELECT seq FROM issues WHERE id = NEW.issue_id;
END;
CREATE TRIGGER issue_index_unasked AFTER DELETE ON issue_requests BEGIN
    INSERT INTO issue_index_todo (seq) SELECT seq FROM issues WHERE id = OLD.issue_id;
END;
CREATE TRIGGER issue_index_renamed AFTER UPDATE OF name ON points WHEN NEW.name <> OLD.name BEGIN
    INSERT INTO issue_index_todo (seq) SELECT seq FROM issues WHERE point_id = NEW.id;
END;

INSERT INTO issue_index_todo (seq) SELECT seq FROM issues ORDER BY seq;

-- What lists were read from before; each cost every write of an issue.
DROP INDEX issues_by_receipt;
DROP INDEX issues_by_state_receipt;
DROP INDEX issues_by_due;
DROP INDEX issues_by_unit_release;
DROP INDEX issues_by_unit_due;
DROP INDEX issues_by_finder;
DROP INDEX issues_by_checker;
DROP INDEX issues_by_look_back;
DROP INDEX issues_by_item;
DROP INDEX issues_by_campaign;
DROP INDEX issues_by_state_release;
DROP INDEX issues_by_campaign_release;
DROP INDEX issues_by_campaign_due;
