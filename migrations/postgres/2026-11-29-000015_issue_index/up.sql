-- The index of issues (ADR 0025): sets of issues by what they have in common, from which lists, counts and searches are
-- answered. All of it can be made again from the issues, so no backup carries it.

-- Issues that have changed since they were last brought into the index. Triggers write it, so that no change is missed.
CREATE TABLE issue_index_todo (
    id BIGSERIAL PRIMARY KEY,
    seq BIGINT NOT NULL
);

-- What the index knows of each issue.
CREATE TABLE issue_index_docs (
    seq BIGINT PRIMARY KEY,
    id BYTEA NOT NULL,
    state TEXT NOT NULL,
    round INTEGER NOT NULL,
    severity TEXT NOT NULL,
    campaign TEXT NOT NULL,
    item_code TEXT NOT NULL,
    point_id BYTEA NOT NULL,
    unit_id BYTEA,
    finder_id BYTEA NOT NULL,
    checker_id BYTEA,
    look_back_inspector_id BYTEA,
    received_at BIGINT NOT NULL,
    released_at BIGINT,
    due_order BIGINT NOT NULL,
    flagged BOOLEAN NOT NULL,
    pending TEXT NOT NULL,
    words TEXT NOT NULL
);

CREATE INDEX issue_index_by_receipt ON issue_index_docs (received_at, id);
CREATE INDEX issue_index_by_release ON issue_index_docs (released_at, id) WHERE released_at IS NOT NULL;
CREATE INDEX issue_index_by_due ON issue_index_docs (due_order, id);

-- The issues that have a term, in chunks of 65,536 numbers, each a Roaring bitmap, which does not compress further.
CREATE TABLE issue_index_terms (
    term TEXT COLLATE "C" NOT NULL,
    chunk INTEGER NOT NULL,
    bits BYTEA NOT NULL,
    PRIMARY KEY (term, chunk)
);
ALTER TABLE issue_index_terms ALTER COLUMN bits SET STORAGE EXTERNAL;

-- Grows with each change of a chunk: what is kept in memory is valid while it stays the same.
CREATE TABLE issue_index_chunks (
    chunk INTEGER PRIMARY KEY,
    version BIGINT NOT NULL
);

CREATE FUNCTION issue_index_note() RETURNS trigger AS $$ BEGIN
    INSERT INTO issue_index_todo (seq) VALUES (NEW.seq);
    RETURN NULL;
END $$ LANGUAGE plpgsql;
CREATE FUNCTION issue_index_note_of() RETURNS trigger AS $$ BEGIN
    IF TG_OP = 'DELETE' THEN
        INSERT INTO issue_index_todo (seq) SELECT seq FROM issues WHERE id = OLD.issue_id;
    ELSE
        INSERT INTO issue_index_todo (seq) SELECT seq FROM issues WHERE id = NEW.issue_id;
    END IF;
    RETURN NULL;
END $$ LANGUAGE plpgsql;
CREATE FUNCTION issue_index_note_at() RETURNS trigger AS $$ BEGIN
    INSERT INTO issue_index_todo (seq) SELECT seq FROM issues WHERE point_id = NEW.id;
    RETURN NULL;
END $$ LANGUAGE plpgsql;
CREATE TRIGGER issue_index_added AFTER INSERT ON issues FOR EACH ROW EXECUTE PROCEDURE issue_index_note();
CREATE TRIGGER issue_index_changed AFTER UPDATE ON issues FOR EACH ROW EXECUTE PROCEDURE issue_index_note();
CREATE TRIGGER issue_index_flagged AFTER INSERT ON issue_flags FOR EACH ROW EXECUTE PROCEDURE issue_index_note_of();
CREATE TRIGGER issue_index_unflagged AFTER DELETE ON issue_flags FOR EACH ROW EXECUTE PROCEDURE issue_index_note_of();
CREATE TRIGGER issue_index_asked AFTER INSERT ON issue_requests FOR EACH ROW EXECUTE PROCEDURE issue_index_note_of();
CREATE TRIGGER issue_index_answered AFTER UPDATE ON issue_requests FOR EACH ROW EXECUTE PROCEDURE issue_index_note_of();
CREATE TRIGGER issue_index_unasked AFTER DELETE ON issue_requests FOR EACH ROW EXECUTE PROCEDURE issue_index_note_of();
CREATE TRIGGER issue_index_renamed AFTER UPDATE OF name ON points FOR EACH ROW WHEN (NEW.name <> OLD.name) EXECUTE PROCEDURE issue_index_note_at();

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
