-- The way back, in reverse order.
DROP INDEX issues_by_campaign_due;
DROP INDEX issues_by_campaign_release;
DROP INDEX issues_by_state_release;

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
INSERT INTO issue_requests_before
    SELECT id, issue_id, position, kind, state, unit_id, filed_by, filed_at, reason, until, plan, first_vote,
        decided_by, decided_at, decision_reason
    FROM issue_requests ORDER BY rowid;
DROP TABLE issue_requests;
ALTER TABLE issue_requests_before RENAME TO issue_requests;
CREATE UNIQUE INDEX issue_requests_pending ON issue_requests (issue_id, kind) WHERE state = 'pending';
CREATE INDEX issue_requests_by_state ON issue_requests (state, kind);
CREATE INDEX issue_requests_by_unit ON issue_requests (unit_id);

CREATE TABLE map_images_before (
    slot INTEGER PRIMARY KEY,
    bytes BLOB NOT NULL,
    sha256 BLOB NOT NULL,
    media_type TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    corners TEXT NOT NULL,
    crs TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    changed_by BLOB NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    CHECK (slot = 1),
    CHECK (length(sha256) = 32),
    CHECK (width > 0),
    CHECK (height > 0),
    CHECK (crs IN ('wgs84', 'cgcs2000', 'gcj02'))
) STRICT;
INSERT INTO map_images_before
    SELECT slot, bytes, sha256, media_type, width, height, corners, crs, changed_at, changed_by FROM map_images;
DROP TABLE map_images;
ALTER TABLE map_images_before RENAME TO map_images;
CREATE INDEX map_images_by_changer ON map_images (changed_by);

CREATE TABLE complaints_before (
    id BLOB PRIMARY KEY,
    author_id BLOB NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    named INTEGER NOT NULL,
    filed_at INTEGER NOT NULL,
    answered_at INTEGER,
    answered_by BLOB REFERENCES users (id) ON DELETE RESTRICT,
    answer TEXT,
    CHECK (length(id) = 16),
    CHECK (kind IN ('work', 'conduct', 'service', 'suggestion')),
    CHECK (named IN (0, 1)),
    CHECK ((answered_at IS NULL) = (answer IS NULL)),
    CHECK ((answered_at IS NULL) = (answered_by IS NULL))
) STRICT;
INSERT INTO complaints_before
    SELECT id, author_id, kind, body, named, filed_at, answered_at, answered_by, answer
    FROM complaints ORDER BY rowid;
DROP TABLE complaints;
ALTER TABLE complaints_before RENAME TO complaints;
CREATE INDEX complaints_by_time ON complaints (filed_at, id);
CREATE INDEX complaints_by_author ON complaints (author_id, filed_at);
CREATE INDEX complaints_by_answerer ON complaints (answered_by);

CREATE TABLE duties_before (
    id BLOB PRIMARY KEY,
    place TEXT NOT NULL,
    subject TEXT NOT NULL,
    point_id BLOB REFERENCES points (id) ON DELETE CASCADE,
    item_code TEXT REFERENCES items (code) ON DELETE CASCADE,
    category TEXT REFERENCES campaigns (code) ON DELETE CASCADE,
    role TEXT NOT NULL,
    unit_id BLOB NOT NULL REFERENCES units (id) ON DELETE RESTRICT,
    valid_from TEXT NOT NULL,
    valid_to TEXT NOT NULL,
    UNIQUE (place, subject, role, unit_id, valid_from),
    CHECK (length(id) = 16),
    CHECK (role IN ('lead', 'co', 'territorial', 'frontage')),
    CHECK ((item_code IS NULL) <> (category IS NULL)),
    CHECK (valid_to = '' OR valid_from <= valid_to)
) STRICT;
INSERT INTO duties_before
    SELECT id, place, subject, point_id, item_code, category, role, unit_id, valid_from, valid_to
    FROM duties ORDER BY rowid;
DROP TABLE duties;
ALTER TABLE duties_before RENAME TO duties;
CREATE INDEX duties_by_point ON duties (point_id);
CREATE INDEX duties_by_item ON duties (item_code);
CREATE INDEX duties_by_category ON duties (category);
CREATE INDEX duties_by_unit ON duties (unit_id);
CREATE UNIQUE INDEX duties_one_lead ON duties (place, subject, valid_from) WHERE role = 'lead';

-- An account is never removed. What the older schema has no word for is barred, and called by the nearest one.
UPDATE users SET role = 'leader', campaign = NULL, disabled_at = COALESCE(disabled_at, created_at)
    WHERE role = 'task_force';
CREATE TABLE users_before (
    id BLOB PRIMARY KEY,
    username TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    role TEXT NOT NULL,
    unit_id BLOB REFERENCES units (id) ON DELETE RESTRICT,
    password_hash TEXT NOT NULL,
    password_changed_at INTEGER NOT NULL,
    must_change_password INTEGER NOT NULL,
    disabled_at INTEGER,
    created_at INTEGER NOT NULL,
    vice_head INTEGER CHECK (vice_head IN (0, 1)),
    CHECK (must_change_password IN (0, 1)),
    CHECK (length(id) = 16),
    CHECK (role IN ('inspector', 'unit', 'office', 'leader', 'discipline', 'admin')),
    CHECK ((role = 'unit') = (unit_id IS NOT NULL))
) STRICT;
INSERT INTO users_before
    SELECT id, username, display_name, role, unit_id, password_hash, password_changed_at, must_change_password,
        disabled_at, created_at, vice_head
    FROM users ORDER BY rowid;
DROP TABLE users;
ALTER TABLE users_before RENAME TO users;
CREATE INDEX users_by_role ON users (role, username);
CREATE INDEX users_by_unit ON users (unit_id);
