-- The policy 一摊一策 under which an item is not applicable where and when a visit saw it; NULL where none permits it.
ALTER TABLE visit_results ADD COLUMN permitted_by TEXT;

-- Doubts about visits 证据存疑, as `issue_flags` has them for issues.
CREATE TABLE visit_doubts (
    visit_id BYTEA NOT NULL REFERENCES visits (id) ON DELETE RESTRICT,
    code TEXT NOT NULL,
    detail TEXT NOT NULL,
    raised_at BIGINT NOT NULL,
    PRIMARY KEY (visit_id, code)
);

-- Where an inspector was on visits before and after a finding, as `issues_by_capture` has it for findings.
CREATE INDEX visits_by_capture ON visits (inspector_id, began_at, id) WHERE lat IS NOT NULL;

-- Random numbers 取证随机码 that were given to a phone ahead: a finding that has one was made after it was given.
CREATE TABLE capture_nonces (
    nonce BYTEA PRIMARY KEY,
    supply_id BYTEA NOT NULL,
    inspector_id BYTEA NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    issued_at BIGINT NOT NULL,
    used_for BYTEA,
    used_at BIGINT,
    CHECK (length(nonce) = 16),
    CHECK (length(supply_id) = 16),
    CHECK ((used_for IS NULL) = (used_at IS NULL))
);
CREATE INDEX capture_nonces_by_supply ON capture_nonces (supply_id);
CREATE INDEX capture_nonces_by_inspector ON capture_nonces (inspector_id, issued_at);

-- Who answers for a unit 一把手、分管领导、联络员: each holds from a day until the next one does.
CREATE TABLE unit_people (
    unit_id BYTEA NOT NULL REFERENCES units (id) ON DELETE RESTRICT,
    duty TEXT NOT NULL,
    from_day TEXT NOT NULL,
    person TEXT NOT NULL,
    phone TEXT NOT NULL,
    changed_by BYTEA NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (unit_id, duty, from_day)
);
CREATE INDEX unit_people_by_writer ON unit_people (changed_by);

-- Which county leader is paired with which unit or point 结对联创, from when to when.
CREATE TABLE pairings (
    id BYTEA PRIMARY KEY,
    leader_id BYTEA NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    unit_id BYTEA REFERENCES units (id) ON DELETE RESTRICT,
    point_id BYTEA REFERENCES points (id) ON DELETE RESTRICT,
    from_day TEXT NOT NULL,
    to_day TEXT,
    changed_by BYTEA NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    changed_at BIGINT NOT NULL,
    CHECK (length(id) = 16),
    CHECK ((unit_id IS NULL) <> (point_id IS NULL)),
    CHECK (to_day IS NULL OR to_day >= from_day)
);
CREATE INDEX pairings_by_leader ON pairings (leader_id, from_day);
CREATE INDEX pairings_by_unit ON pairings (unit_id);
CREATE INDEX pairings_by_point ON pairings (point_id);
CREATE INDEX pairings_by_writer ON pairings (changed_by);
