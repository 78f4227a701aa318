-- Faults that units found themselves 自查自改 (M03), and relapses of what they had put right (M16a). What was reported
-- never changes; the fix and the office's decision are written once.
CREATE TABLE self_reports (
    id BYTEA PRIMARY KEY,
    unit_id BYTEA NOT NULL REFERENCES units (id) ON DELETE RESTRICT,
    point_id BYTEA NOT NULL REFERENCES points (id) ON DELETE RESTRICT,
    item_code TEXT NOT NULL REFERENCES items (code) ON DELETE RESTRICT,
    relapse_of BYTEA REFERENCES issues (id) ON DELETE RESTRICT,
    description TEXT NOT NULL,
    state TEXT NOT NULL,
    reported_by BYTEA NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    reported_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    measure TEXT,
    fixed_by BYTEA REFERENCES users (id) ON DELETE RESTRICT,
    fixed_at BIGINT,
    reason TEXT,
    decided_by BYTEA REFERENCES users (id) ON DELETE RESTRICT,
    decided_at BIGINT,
    CHECK (length(id) = 16),
    CHECK ((fixed_at IS NULL) = (fixed_by IS NULL)),
    CHECK ((fixed_at IS NULL) = (measure IS NULL)),
    CHECK ((decided_at IS NULL) = (decided_by IS NULL)),
    CHECK ((decided_at IS NULL) = (reason IS NULL))
);
CREATE INDEX self_reports_by_unit ON self_reports (unit_id, reported_at, id);
CREATE INDEX self_reports_by_time ON self_reports (reported_at, id);
CREATE INDEX self_reports_by_state ON self_reports (state, reported_at, id);
CREATE INDEX self_reports_by_place ON self_reports (point_id, item_code);
CREATE INDEX self_reports_by_decision ON self_reports (decided_at, id) WHERE decided_at IS NOT NULL;
CREATE INDEX self_reports_by_item ON self_reports (item_code);
CREATE INDEX self_reports_by_issue ON self_reports (relapse_of);
CREATE INDEX self_reports_by_reporter ON self_reports (reported_by);
CREATE INDEX self_reports_by_fixer ON self_reports (fixed_by);
CREATE INDEX self_reports_by_decider ON self_reports (decided_by);

-- Their photos: of the fault, and of the fix.
CREATE TABLE self_report_photos (
    self_report_id BYTEA NOT NULL REFERENCES self_reports (id) ON DELETE RESTRICT,
    stage TEXT NOT NULL,
    position INTEGER NOT NULL,
    photo_id BYTEA NOT NULL REFERENCES photos (id) ON DELETE RESTRICT,
    PRIMARY KEY (self_report_id, stage, position)
);
CREATE INDEX self_report_photos_by_photo ON self_report_photos (photo_id);

-- That a unit looked at a fix of its own and found it held 单位自查回头看 (M16a): the last time for each issue.
CREATE TABLE own_look_backs (
    issue_id BYTEA PRIMARY KEY REFERENCES issues (id) ON DELETE RESTRICT,
    unit_id BYTEA NOT NULL REFERENCES units (id) ON DELETE RESTRICT,
    looked_by BYTEA NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    looked_at BIGINT NOT NULL
);
CREATE INDEX own_look_backs_by_unit ON own_look_backs (unit_id);
CREATE INDEX own_look_backs_by_person ON own_look_backs (looked_by);
