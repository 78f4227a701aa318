-- The way back, in reverse order.

-- Requests; what the older schema has no word for goes.
CREATE TABLE issue_requests_before (
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
    decided_by BLOB REFERENCES users (id) ON DELETE RESTRICT,
    decided_at INTEGER,
    decision_reason TEXT,
    CHECK (length(id) = 16),
    CHECK (kind IN ('extension', 'dispute')),
    CHECK (state IN ('pending', 'granted', 'refused', 'lapsed')),
    UNIQUE (issue_id, position)
) STRICT;
INSERT INTO issue_requests_before
    SELECT id, issue_id, position, kind, state, unit_id, filed_by, filed_at, reason, until, decided_by, decided_at,
        decision_reason
    FROM issue_requests
    WHERE kind <> 'hang';
DROP TABLE issue_requests;
ALTER TABLE issue_requests_before RENAME TO issue_requests;
CREATE UNIQUE INDEX issue_requests_pending ON issue_requests (issue_id, kind) WHERE state = 'pending';
CREATE INDEX issue_requests_by_state ON issue_requests (state, kind);
CREATE INDEX issue_requests_by_unit ON issue_requests (unit_id);

-- Accounts.
ALTER TABLE users DROP COLUMN vice_head;

-- Issues.
DROP INDEX issues_by_look_back_of;
ALTER TABLE issues DROP COLUMN look_back_of;
ALTER TABLE issues DROP COLUMN confirmation;
ALTER TABLE issues DROP COLUMN rejection;
ALTER TABLE issues DROP COLUMN desk_reason;
ALTER TABLE issues DROP COLUMN fix_counted_at;
ALTER TABLE issues DROP COLUMN reported_severity;

-- Similar photos.
DROP INDEX blobs_to_index;
DROP INDEX blobs_by_fingerprint;
ALTER TABLE blobs DROP COLUMN indexed_at;
DROP TABLE unit_fingerprint_bands;
DROP TABLE fingerprint_bands;
CREATE TABLE blob_bands (
    band_key INTEGER NOT NULL,
    fingerprint INTEGER NOT NULL,
    blob_seq INTEGER NOT NULL REFERENCES blobs (seq) ON DELETE CASCADE,
    PRIMARY KEY (band_key, blob_seq)
) STRICT;
INSERT INTO blob_bands (band_key, fingerprint, blob_seq)
    SELECT 0 + ((fingerprint >> 0) & 65535), fingerprint, seq FROM blobs WHERE fingerprint IS NOT NULL;
INSERT INTO blob_bands (band_key, fingerprint, blob_seq)
    SELECT 65536 + ((fingerprint >> 16) & 65535), fingerprint, seq FROM blobs WHERE fingerprint IS NOT NULL;
INSERT INTO blob_bands (band_key, fingerprint, blob_seq)
    SELECT 131072 + ((fingerprint >> 32) & 65535), fingerprint, seq FROM blobs WHERE fingerprint IS NOT NULL;
INSERT INTO blob_bands (band_key, fingerprint, blob_seq)
    SELECT 196608 + ((fingerprint >> 48) & 65535), fingerprint, seq FROM blobs WHERE fingerprint IS NOT NULL;
CREATE INDEX blob_bands_by_blob ON blob_bands (blob_seq);

DROP TABLE denials;

-- Jobs.
DROP INDEX jobs_by_kind;
