-- What a second look at the service needs, table by table.

-- Background work is looked for lane by lane, and a lane is a few kinds of it.
CREATE INDEX jobs_by_kind ON jobs (kind, run_at) WHERE stuck_at IS NULL;

-- HEIC photos were kept without previews; now they are made when somebody first looks (ADR 0018).
UPDATE blobs SET render_error = NULL WHERE media_type = 'image/heic' AND rendered_at IS NULL;

-- Refusals 拒绝记录, counted: one row for a caller, a route, a reason and an hour, with the first of them as a sample.
-- Unlike audit records they are forgotten after a time. `after_seq` is the audit record before the first of them.
CREATE TABLE denials (
    seq INTEGER PRIMARY KEY,
    after_seq INTEGER NOT NULL,
    hour INTEGER NOT NULL,
    origin TEXT NOT NULL,
    route TEXT NOT NULL,
    times INTEGER NOT NULL,
    at INTEGER NOT NULL,
    actor_id BLOB REFERENCES users (id) ON DELETE RESTRICT,
    actor_role TEXT,
    action TEXT NOT NULL,
    target TEXT NOT NULL,
    outcome TEXT NOT NULL,
    detail TEXT NOT NULL,
    request_id TEXT NOT NULL,
    CHECK (times > 0),
    CHECK (outcome IN ('done', 'denied', 'failed')),
    UNIQUE (hour, origin, action, route, detail)
) STRICT;
CREATE INDEX denials_in_order ON denials (after_seq, seq);
CREATE INDEX denials_by_action ON denials (action, after_seq, seq);
CREATE INDEX denials_by_actor ON denials (actor_id);

-- Similar photos (ADR 0015): a key for each band of a fingerprint, each fingerprint once. `noted_at` is when
-- it was last seen; a crowded key keeps its newest. What was there before is indexed by a job.
DROP TABLE blob_bands;
CREATE TABLE fingerprint_bands (
    band_key INTEGER NOT NULL,
    fingerprint INTEGER NOT NULL,
    noted_at INTEGER NOT NULL,
    PRIMARY KEY (band_key, fingerprint)
) STRICT, WITHOUT ROWID;
-- The same for the pictures of each unit, cut into shorter bands.
CREATE TABLE unit_fingerprint_bands (
    unit_id BLOB NOT NULL REFERENCES units (id) ON DELETE RESTRICT,
    band_key INTEGER NOT NULL,
    fingerprint INTEGER NOT NULL,
    noted_at INTEGER NOT NULL,
    PRIMARY KEY (unit_id, band_key, fingerprint)
) STRICT, WITHOUT ROWID;
-- When the fingerprint was put into these.
ALTER TABLE blobs ADD COLUMN indexed_at INTEGER;
CREATE INDEX blobs_by_fingerprint ON blobs (fingerprint, seq) WHERE fingerprint IS NOT NULL;
CREATE INDEX blobs_to_index ON blobs (seq) WHERE fingerprint IS NOT NULL AND indexed_at IS NULL;

-- Searches: words and texts are compared in one form, `domain/search.rs`, which each connection brings along as the
-- function `search_form`.

-- Issues: what the inspector said of the severity, from when a fix counts, second opinions 双人,
-- why one was closed at the desk, and where a look-back found what is no rebound any more.
ALTER TABLE issues ADD COLUMN reported_severity TEXT
    CHECK (reported_severity IN ('low', 'medium', 'high'));
ALTER TABLE issues ADD COLUMN fix_counted_at INTEGER;
ALTER TABLE issues ADD COLUMN desk_reason TEXT;
ALTER TABLE issues ADD COLUMN rejection TEXT;
ALTER TABLE issues ADD COLUMN confirmation TEXT;
ALTER TABLE issues ADD COLUMN look_back_of BLOB REFERENCES issues (id) ON DELETE RESTRICT;
CREATE INDEX issues_by_look_back_of ON issues (look_back_of) WHERE look_back_of IS NOT NULL;

-- Who is a unit's vice head 分管领导; NULL on older accounts: nobody.
ALTER TABLE users ADD COLUMN vice_head INTEGER
    CHECK (vice_head IN (0, 1));

-- Requests: a third kind, the plan it offers, and the first of two opinions.
CREATE TABLE issue_requests_next (
    id BLOB PRIMARY KEY,
    issue_id BLOB NOT NULL REFERENCES issues (id) ON DELETE RESTRICT,
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    unit_id BLOB NOT NULL REFERENCES units (id) ON DELETE RESTRICT,
    filed_by BLOB NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    filed_at INTEGER NOT NULL,
    reason TEXT NOT NULL,
    until INTEGER,
    plan TEXT,
    first_vote TEXT,
    decided_by BLOB REFERENCES users (id) ON DELETE RESTRICT,
    decided_at INTEGER,
    decision_reason TEXT,
    CHECK (length(id) = 16),
    CHECK (kind IN ('extension', 'dispute', 'hang')),
    CHECK (state IN ('pending', 'granted', 'refused', 'lapsed')),
    UNIQUE (issue_id, position)
) STRICT;
INSERT INTO issue_requests_next
    SELECT id, issue_id, position, kind, state, unit_id, filed_by, filed_at, reason, until, NULL, NULL, decided_by,
        decided_at, decision_reason
    FROM issue_requests;
DROP TABLE issue_requests;
ALTER TABLE issue_requests_next RENAME TO issue_requests;
CREATE UNIQUE INDEX issue_requests_pending ON issue_requests (issue_id, kind) WHERE state = 'pending';
CREATE INDEX issue_requests_by_state ON issue_requests (state, kind);
CREATE INDEX issue_requests_by_unit ON issue_requests (unit_id);
