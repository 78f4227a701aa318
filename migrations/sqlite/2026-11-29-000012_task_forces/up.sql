-- Accounts: a task force 创建专班 works for one campaign. Which role names what is said by the code
-- (`domain/role.rs`), so that a new role changes no constraint. Other tables refer to this one, and SQLite drops no
-- constraint: see store/migrate.rs.
CREATE TABLE users_next (
    id BLOB PRIMARY KEY,
    username TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    role TEXT NOT NULL,
    unit_id BLOB REFERENCES units (id) ON DELETE RESTRICT,
    campaign TEXT REFERENCES campaigns (code) ON DELETE RESTRICT,
    vice_head INTEGER,
    password_hash TEXT NOT NULL,
    password_changed_at INTEGER NOT NULL,
    must_change_password INTEGER NOT NULL,
    disabled_at INTEGER,
    created_at INTEGER NOT NULL,
    CHECK (vice_head IN (0, 1)),
    CHECK (must_change_password IN (0, 1)),
    CHECK (length(id) = 16),
    CHECK (unit_id IS NULL OR campaign IS NULL)
) STRICT;
INSERT INTO users_next
    SELECT id, username, display_name, role, unit_id, NULL, vice_head, password_hash, password_changed_at,
        must_change_password, disabled_at, created_at
    FROM users ORDER BY rowid;
DROP TABLE users;
ALTER TABLE users_next RENAME TO users;
CREATE INDEX users_by_role ON users (role, username);
CREATE INDEX users_by_unit ON users (unit_id);
CREATE INDEX users_by_campaign ON users (campaign);

-- Words that the code knows, and refuses where it does not, are listed in no check of a small table any more.
CREATE TABLE duties_next (
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
    CHECK ((item_code IS NULL) <> (category IS NULL)),
    CHECK (valid_to = '' OR valid_from <= valid_to)
) STRICT;
INSERT INTO duties_next
    SELECT id, place, subject, point_id, item_code, category, role, unit_id, valid_from, valid_to
    FROM duties ORDER BY rowid;
DROP TABLE duties;
ALTER TABLE duties_next RENAME TO duties;
CREATE INDEX duties_by_point ON duties (point_id);
CREATE INDEX duties_by_item ON duties (item_code);
CREATE INDEX duties_by_category ON duties (category);
CREATE INDEX duties_by_unit ON duties (unit_id);
CREATE UNIQUE INDEX duties_one_lead ON duties (place, subject, valid_from) WHERE role = 'lead';

CREATE TABLE complaints_next (
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
    CHECK (named IN (0, 1)),
    CHECK ((answered_at IS NULL) = (answer IS NULL)),
    CHECK ((answered_at IS NULL) = (answered_by IS NULL))
) STRICT;
INSERT INTO complaints_next
    SELECT id, author_id, kind, body, named, filed_at, answered_at, answered_by, answer
    FROM complaints ORDER BY rowid;
DROP TABLE complaints;
ALTER TABLE complaints_next RENAME TO complaints;
CREATE INDEX complaints_by_time ON complaints (filed_at, id);
CREATE INDEX complaints_by_author ON complaints (author_id, filed_at);
CREATE INDEX complaints_by_answerer ON complaints (answered_by);

CREATE TABLE map_images_next (
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
    CHECK (height > 0)
) STRICT;
INSERT INTO map_images_next
    SELECT slot, bytes, sha256, media_type, width, height, corners, crs, changed_at, changed_by FROM map_images;
DROP TABLE map_images;
ALTER TABLE map_images_next RENAME TO map_images;
CREATE INDEX map_images_by_changer ON map_images (changed_by);

CREATE TABLE issue_requests_next (
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
    UNIQUE (issue_id, position)
) STRICT;
INSERT INTO issue_requests_next
    SELECT id, issue_id, position, kind, state, unit_id, filed_by, filed_at, reason, until, plan, first_vote,
        decided_by, decided_at, decision_reason
    FROM issue_requests ORDER BY rowid;
DROP TABLE issue_requests;
ALTER TABLE issue_requests_next RENAME TO issue_requests;
CREATE UNIQUE INDEX issue_requests_pending ON issue_requests (issue_id, kind) WHERE state = 'pending';
CREATE INDEX issue_requests_by_state ON issue_requests (state, kind);
CREATE INDEX issue_requests_by_unit ON issue_requests (unit_id);

-- Lists of a campaign, and of all that is released, are asked for state by state, as a unit's are
-- (store/issues/list.rs).
CREATE INDEX issues_by_state_release ON issues (state, released_at, id) WHERE released_at IS NOT NULL;
CREATE INDEX issues_by_campaign_release ON issues (campaign, state, released_at, id) WHERE released_at IS NOT NULL;
CREATE INDEX issues_by_campaign_due ON issues (campaign, state, due_order, id) WHERE released_at IS NOT NULL;
