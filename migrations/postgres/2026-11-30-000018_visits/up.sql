-- Visits 暗访记录: what an inspector saw at a point, item by item. A visit arrives whole and never changes.
CREATE TABLE visits (
    id BYTEA PRIMARY KEY,
    point_id BYTEA NOT NULL REFERENCES points (id) ON DELETE RESTRICT,
    inspector_id BYTEA NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    began_at BIGINT NOT NULL,
    ended_at BIGINT NOT NULL,
    lat DOUBLE PRECISION,
    lon DOUBLE PRECISION,
    accuracy_m DOUBLE PRECISION,
    -- As JSON: the items of such points with their weights when the visit arrived, and the street interviews.
    checklist TEXT NOT NULL,
    interviews TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    body_digest BYTEA NOT NULL,
    CHECK (length(id) = 16),
    CHECK (length(body_digest) = 32),
    CHECK (ended_at >= began_at),
    CHECK ((lat IS NULL) = (lon IS NULL))
);
CREATE INDEX visits_by_beginning ON visits (began_at, id);
CREATE INDEX visits_by_point ON visits (point_id, began_at, id);
CREATE INDEX visits_by_inspector ON visits (inspector_id);

-- How each item was found 观测结果.
CREATE TABLE visit_results (
    visit_id BYTEA NOT NULL REFERENCES visits (id) ON DELETE RESTRICT,
    position INTEGER NOT NULL,
    item_code TEXT NOT NULL REFERENCES items (code) ON DELETE RESTRICT,
    result TEXT NOT NULL,
    note TEXT NOT NULL,
    issue_id BYTEA REFERENCES issues (id) ON DELETE RESTRICT,
    PRIMARY KEY (visit_id, position)
);
CREATE INDEX visit_results_by_item ON visit_results (item_code);
CREATE INDEX visit_results_by_issue ON visit_results (issue_id);

-- Photos of a result, in order; they may arrive after the visit.
CREATE TABLE visit_photos (
    visit_id BYTEA NOT NULL REFERENCES visits (id) ON DELETE RESTRICT,
    result INTEGER NOT NULL,
    position INTEGER NOT NULL,
    photo_id BYTEA NOT NULL,
    PRIMARY KEY (visit_id, result, position)
);
CREATE INDEX visit_photos_by_photo ON visit_photos (photo_id);
