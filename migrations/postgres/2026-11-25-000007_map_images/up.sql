-- The picture under the map 底图, one at the most, and where it lies.
CREATE TABLE map_images (
    slot INTEGER PRIMARY KEY,
    bytes BYTEA NOT NULL,
    sha256 BYTEA NOT NULL,
    media_type TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    corners TEXT NOT NULL,
    crs TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by BYTEA NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    CHECK (slot = 1),
    CHECK (length(sha256) = 32),
    CHECK (width > 0),
    CHECK (height > 0),
    CHECK (crs IN ('wgs84', 'cgcs2000', 'gcj02'))
);
CREATE INDEX map_images_by_changer ON map_images (changed_by);
