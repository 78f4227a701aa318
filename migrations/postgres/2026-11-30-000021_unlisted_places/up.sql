-- Places that are not on the list of points, as inspectors reported them. Each has a point of its own from the
-- beginning, which is out of use until the office settles the place.
CREATE TABLE unlisted_places (
    point_id BYTEA PRIMARY KEY REFERENCES points (id) ON DELETE RESTRICT,
    issue_id BYTEA NOT NULL REFERENCES issues (id) ON DELETE RESTRICT,
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    reported_at BIGINT NOT NULL,
    settled_at BIGINT,
    settled_by BYTEA REFERENCES users (id) ON DELETE RESTRICT,
    merged_into BYTEA REFERENCES points (id) ON DELETE RESTRICT,
    CHECK (length(point_id) = 16)
);
CREATE INDEX unlisted_places_by_issue ON unlisted_places (issue_id);
CREATE INDEX unlisted_places_by_settler ON unlisted_places (settled_by);
CREATE INDEX unlisted_places_by_target ON unlisted_places (merged_into);
CREATE INDEX unlisted_places_open ON unlisted_places (reported_at) WHERE settled_at IS NULL;
