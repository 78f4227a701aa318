-- What a second look at the service needs, table by table.

-- Background work is looked for lane by lane, and a lane is a few kinds of it.
CREATE INDEX jobs_by_kind ON jobs (kind, run_at) WHERE stuck_at IS NULL;

-- HEIC photos were kept without previews; now they are made when somebody first looks (ADR 0018).
UPDATE blobs SET render_error = NULL WHERE media_type = 'image/heic' AND rendered_at IS NULL;

-- Refusals 拒绝记录, counted: one row for a caller, a route, a reason and an hour, with the first of them as a sample.
-- Unlike audit records they are forgotten after a time. `after_seq` is the audit record before the first of them.
CREATE TABLE denials (
    seq BIGSERIAL PRIMARY KEY,
    after_seq BIGINT NOT NULL,
    hour BIGINT NOT NULL,
    origin TEXT NOT NULL,
    route TEXT NOT NULL,
    times BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor_id BYTEA REFERENCES users (id) ON DELETE RESTRICT,
    actor_role TEXT,
    action TEXT NOT NULL,
    target TEXT NOT NULL,
    outcome TEXT NOT NULL,
    detail TEXT NOT NULL,
    request_id TEXT NOT NULL,
    CHECK (times > 0),
    CHECK (outcome IN ('done', 'denied', 'failed')),
    UNIQUE (hour, origin, action, route, detail)
);
CREATE INDEX denials_in_order ON denials (after_seq, seq);
CREATE INDEX denials_by_action ON denials (action, after_seq, seq);
CREATE INDEX denials_by_actor ON denials (actor_id);

-- Similar photos (ADR 0015): a key for each band of a fingerprint, each fingerprint once. `noted_at` is when
-- it was last seen; a crowded key keeps its newest. What was there before is indexed by a job.
DROP TABLE blob_bands;
CREATE TABLE fingerprint_bands (
    band_key BIGINT NOT NULL,
    fingerprint BIGINT NOT NULL,
    noted_at BIGINT NOT NULL,
    PRIMARY KEY (band_key, fingerprint)
);
-- The same for the pictures of each unit, cut into shorter bands.
CREATE TABLE unit_fingerprint_bands (
    unit_id BYTEA NOT NULL REFERENCES units (id) ON DELETE RESTRICT,
    band_key BIGINT NOT NULL,
    fingerprint BIGINT NOT NULL,
    noted_at BIGINT NOT NULL,
    PRIMARY KEY (unit_id, band_key, fingerprint)
);
-- When the fingerprint was put into these.
ALTER TABLE blobs ADD COLUMN indexed_at BIGINT;
CREATE INDEX blobs_by_fingerprint ON blobs (fingerprint, seq) WHERE fingerprint IS NOT NULL;
CREATE INDEX blobs_to_index ON blobs (seq) WHERE fingerprint IS NOT NULL AND indexed_at IS NULL;

-- Searches: words and texts are compared in one form, `domain/search.rs`, which SQLite is given by each connection.
-- The small letters of all scripts want a collation that knows them, whatever the database's own is.
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

-- Issues: what the inspector said of the severity, from when a fix counts, second opinions 双人,
-- why one was closed at the desk, and where a look-back found what is no rebound any more.
ALTER TABLE issues ADD COLUMN reported_severity TEXT
    CHECK (reported_severity IN ('low', 'medium', 'high'));
ALTER TABLE issues ADD COLUMN fix_counted_at BIGINT;
ALTER TABLE issues ADD COLUMN desk_reason TEXT;
ALTER TABLE issues ADD COLUMN rejection TEXT;
ALTER TABLE issues ADD COLUMN confirmation TEXT;
ALTER TABLE issues ADD COLUMN look_back_of BYTEA REFERENCES issues (id) ON DELETE RESTRICT;
CREATE INDEX issues_by_look_back_of ON issues (look_back_of) WHERE look_back_of IS NOT NULL;

-- Who is a unit's vice head 分管领导; NULL on older accounts: nobody.
ALTER TABLE users ADD COLUMN vice_head BOOLEAN;

-- Requests: a third kind, the plan it offers, and the first of two opinions.
ALTER TABLE issue_requests ADD COLUMN plan TEXT;
ALTER TABLE issue_requests ADD COLUMN first_vote TEXT;
ALTER TABLE issue_requests DROP CONSTRAINT issue_requests_kind_check;
ALTER TABLE issue_requests ADD CHECK (kind IN ('extension', 'dispute', 'hang'));
