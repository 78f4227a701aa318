DO $$
DECLARE
    letters text;
BEGIN
    SELECT ' COLLATE ' || quote_ident(collname) INTO letters FROM pg_collation
        WHERE collname IN ('pg_c_utf8', 'und-x-icu') ORDER BY collname LIMIT 1;
    EXECUTE 'CREATE FUNCTION search_form(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $form$
        SELECT btrim(lower(translate(normalize($1, NFKC),
            chr(173) || chr(8203) || chr(8204) || chr(8205) || chr(8206) || chr(8207)
            || chr(8234) || chr(8235) || chr(8236) || chr(8237) || chr(8238)
            || chr(8288) || chr(8289) || chr(8290) || chr(8291) || chr(8292) || chr(65279), '''')'
        || coalesce(letters, '') || '), '' '' || chr(9) || chr(10) || chr(11) || chr(12) || chr(13)) COLLATE "C" $form$';
END
$$;
DROP TABLE issue_index_docs;
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
DELETE FROM issue_index_terms;
DELETE FROM issue_index_todo;
-- Whoever keeps sets in memory learns that they are no longer valid.
UPDATE issue_index_chunks SET version = version + 1;
INSERT INTO issue_index_todo (seq) SELECT seq FROM issues ORDER BY seq;
ALTER TABLE issues DROP COLUMN reminders;
