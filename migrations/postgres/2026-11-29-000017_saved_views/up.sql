-- Lists that the office has named, for all of its people.
CREATE TABLE saved_views (
    id BYTEA PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    query TEXT NOT NULL,
    saved_by BYTEA NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    saved_at BIGINT NOT NULL,
    CHECK (length(id) = 16)
);
CREATE INDEX saved_views_by_saver ON saved_views (saved_by);
