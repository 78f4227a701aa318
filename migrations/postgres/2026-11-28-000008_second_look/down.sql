-- The way back, in reverse order.

-- Requests; what the older schema has no word for goes.
DELETE FROM issue_requests WHERE kind = 'hang';
ALTER TABLE issue_requests DROP CONSTRAINT issue_requests_kind_check;
ALTER TABLE issue_requests ADD CHECK (kind IN ('extension', 'dispute'));
ALTER TABLE issue_requests DROP COLUMN first_vote;
ALTER TABLE issue_requests DROP COLUMN plan;

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

-- Searches.
DROP FUNCTION search_form(text);

-- Similar photos.
DROP INDEX blobs_to_index;
DROP INDEX blobs_by_fingerprint;
ALTER TABLE blobs DROP COLUMN indexed_at;
DROP TABLE unit_fingerprint_bands;
DROP TABLE fingerprint_bands;
CREATE TABLE blob_bands (
    band_key INTEGER NOT NULL,
    fingerprint BIGINT NOT NULL,
    blob_seq BIGINT NOT NULL REFERENCES blobs (seq) ON DELETE CASCADE,
    PRIMARY KEY (band_key, blob_seq)
);
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
