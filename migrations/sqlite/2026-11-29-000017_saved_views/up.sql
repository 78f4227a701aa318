-- Lists that the office has named, for all of its people.
CREATE TABLE saved_views (
    id BLOB PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    query TEXT NOT NULL,
    saved_by BLOB NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    saved_at INTEGER NOT NULL,
    CHECK (length(id) = 16)
) STRICT;
CREATE INDEX saved_views_by_saver ON saved_views (saved_by);
