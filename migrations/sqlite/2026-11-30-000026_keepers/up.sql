-- Heads of points 点长: one at any instant. A term that has begun is never removed; only its end may be set.
CREATE TABLE point_heads (
    point_id BLOB NOT NULL REFERENCES points (id) ON DELETE RESTRICT,
    from_day TEXT NOT NULL,
    to_day TEXT,
    person TEXT NOT NULL,
    unit_id BLOB NOT NULL REFERENCES units (id) ON DELETE RESTRICT,
    changed_by BLOB NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (point_id, from_day),
    CHECK (to_day IS NULL OR to_day >= from_day)
) STRICT;
CREATE INDEX point_heads_by_person ON point_heads (person, from_day, point_id);
CREATE INDEX point_heads_by_first_day ON point_heads (from_day);
CREATE INDEX point_heads_by_unit ON point_heads (unit_id);
CREATE INDEX point_heads_by_writer ON point_heads (changed_by);

-- Zones where stalls are permitted 一摊一策; the zone itself as JSON.
CREATE TABLE permitted_zones (
    id BLOB PRIMARY KEY,
    version INTEGER NOT NULL,
    body TEXT NOT NULL,
    unit_id BLOB NOT NULL REFERENCES units (id) ON DELETE RESTRICT,
    changed_by BLOB NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    changed_at INTEGER NOT NULL,
    CHECK (length(id) = 16),
    CHECK (version >= 1)
) STRICT;
CREATE INDEX permitted_zones_by_unit ON permitted_zones (unit_id);
CREATE INDEX permitted_zones_by_writer ON permitted_zones (changed_by);

-- Who may ask for the name behind a code name 身份保管员.
CREATE TABLE identity_keepers (
    user_id BLOB PRIMARY KEY REFERENCES users (id) ON DELETE RESTRICT,
    named_by BLOB NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    named_at INTEGER NOT NULL
) STRICT;
CREATE INDEX identity_keepers_by_writer ON identity_keepers (named_by);

-- Requests to read such a name: asked with a reason, consented to by a second person, read once.
CREATE TABLE name_requests (
    id BLOB PRIMARY KEY,
    batch_id BLOB NOT NULL REFERENCES batches (id) ON DELETE RESTRICT,
    code_name TEXT NOT NULL,
    reason TEXT NOT NULL,
    asked_by BLOB NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    asked_at INTEGER NOT NULL,
    answered_by BLOB REFERENCES users (id) ON DELETE RESTRICT,
    answered_at INTEGER,
    consented INTEGER,
    read_at INTEGER,
    CHECK (length(id) = 16),
    CHECK ((answered_by IS NULL) = (answered_at IS NULL)),
    CHECK ((answered_by IS NULL) = (consented IS NULL)),
    CHECK (consented IN (0, 1)),
    CHECK (read_at IS NULL OR answered_at IS NOT NULL)
) STRICT;
CREATE INDEX name_requests_by_batch ON name_requests (batch_id, asked_at, id);
CREATE INDEX name_requests_by_keeper ON name_requests (asked_by);
CREATE INDEX name_requests_by_second ON name_requests (answered_by);

-- Keys that clients give their steps on batches, as `step_keys` has them for issues (ADR 0021).
CREATE TABLE batch_step_keys (
    actor_id BLOB NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    step_key BLOB NOT NULL,
    batch_id BLOB NOT NULL REFERENCES batches (id) ON DELETE RESTRICT,
    digest BLOB NOT NULL,
    PRIMARY KEY (actor_id, step_key),
    CHECK (length(step_key) = 16),
    CHECK (length(digest) = 32)
) STRICT;
CREATE INDEX batch_step_keys_by_batch ON batch_step_keys (batch_id);

-- By how much the clock of the phone was set back during a visit, in microseconds; NULL if it was not. `began_at` is
-- `ended_at` then.
ALTER TABLE visits ADD COLUMN clock_set_back INTEGER;

-- Where an inspector was before and after a finding: from it follows how fast they would have travelled.
CREATE INDEX issues_by_capture ON issues (finder_id, captured_at, id) WHERE lat IS NOT NULL;
