-- Places that are not on the list of points, as inspectors reported them. Each has a point of its own from the
-- beginning, which is out of use until the office settles the place.
CREATE TABLE unlisted_places (
    point_id BLOB PRIMARY KEY REFERENCES points (id) ON DELETE RESTRICT,
    issue_id BLOB NOT NULL REFERENCES issues (id) ON DELETE RESTRICT,
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    reported_at INTEGER NOT NULL,
    settled_at INTEGER,
    settled_by BLOB REFERENCES users (id) ON DELETE RESTRICT,
    merged_into BLOB REFERENCES points (id) ON DELETE RESTRICT,
    CHECK (length(point_id) = 16)
) STRICT;
CREATE INDEX unlisted_places_by_issue ON unlisted_places (issue_id);
CREATE INDEX unlisted_places_by_settler ON unlisted_places (settled_by);
CREATE INDEX unlisted_places_by_target ON unlisted_places (merged_into);
CREATE INDEX unlisted_places_open ON unlisted_places (reported_at) WHERE settled_at IS NULL;
