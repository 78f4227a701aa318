-- Visits 暗访记录: what an inspector saw at a point, item by item. A visit arrives whole and never changes.
CREATE TABLE visits (
    id BLOB PRIMARY KEY,
    point_id BLOB NOT NULL REFERENCES points (id) ON DELETE RESTRICT,
    inspector_id BLOB NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    began_at INTEGER NOT NULL,
    ended_at INTEGER NOT NULL,
    lat REAL,
    lon REAL,
    accuracy_m REAL,
    -- As JSON: the items of such points with their weights when the visit arrived, and the street interviews.
    checklist TEXT NOT NULL,
    interviews TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    body_digest BLOB NOT NULL,
    CHECK (length(id) = 16),
    CHECK (length(body_digest) = 32),
    CHECK (ended_at >= began_at),
    CHECK ((lat IS NULL) = (lon IS NULL))
) STRICT;
CREATE INDEX visits_by_beginning ON visits (began_at, id);
CREATE INDEX visits_by_point ON visits (point_id, began_at, id);
CREATE INDEX visits_by_inspector ON visits (inspector_id);

-- How each item was found 观测结果.
CREATE TABLE visit_results (
    visit_id BLOB NOT NULL REFERENCES visits (id) ON DELETE RESTRICT,
    position INTEGER NOT NULL,
    item_code TEXT NOT NULL REFERENCES items (code) ON DELETE RESTRICT,
    result TEXT NOT NULL,
    note TEXT NOT NULL,
    issue_id BLOB REFERENCES issues (id) ON DELETE RESTRICT,
    PRIMARY KEY (visit_id, position)
) STRICT;
CREATE INDEX visit_results_by_item ON visit_results (item_code);
CREATE INDEX visit_results_by_issue ON visit_results (issue_id);

-- Photos of a result, in order; they may arrive after the visit.
CREATE TABLE visit_photos (
    visit_id BLOB NOT NULL REFERENCES visits (id) ON DELETE RESTRICT,
    result INTEGER NOT NULL,
    position INTEGER NOT NULL,
    photo_id BLOB NOT NULL,
    PRIMARY KEY (visit_id, result, position)
) STRICT;
CREATE INDEX visit_photos_by_photo ON visit_photos (photo_id);
