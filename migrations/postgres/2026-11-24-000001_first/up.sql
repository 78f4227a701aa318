-- Every table of the main job. The same in both databases; tests hold the parity.

-- Settings of the county, each a JSON value.
CREATE TABLE settings (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by BYTEA
);

-- Working calendars 工作日历; a deadline names the version it was computed with.
CREATE TABLE calendars (
    version BIGINT PRIMARY KEY,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

-- Responsible units 责任单位.
CREATE TABLE units (
    id BYTEA PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    area_code TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    CHECK (length(id) = 16)
);

-- Accounts.
CREATE TABLE users (
    id BYTEA PRIMARY KEY,
    username TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    role TEXT NOT NULL,
    unit_id BYTEA REFERENCES units (id) ON DELETE RESTRICT,
    password_hash TEXT NOT NULL,
    password_changed_at BIGINT NOT NULL,
    must_change_password BOOLEAN NOT NULL,
    disabled_at BIGINT,
    created_at BIGINT NOT NULL,
    CHECK (length(id) = 16),
    CHECK (role IN ('inspector', 'unit', 'office', 'leader', 'discipline', 'admin')),
    CHECK ((role = 'unit') = (unit_id IS NOT NULL))
);
CREATE INDEX users_by_role ON users (role, username);
CREATE INDEX users_by_unit ON users (unit_id);

-- The last password hashes of an account, barred from reuse.
CREATE TABLE former_passwords (
    seq BIGSERIAL PRIMARY KEY,
    user_id BYTEA NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    password_hash TEXT NOT NULL,
    replaced_at BIGINT NOT NULL
);
CREATE INDEX former_passwords_by_user ON former_passwords (user_id, replaced_at);

-- Sign-ins; the token itself is stored nowhere.
CREATE TABLE sessions (
    id BYTEA PRIMARY KEY,
    token_digest BYTEA NOT NULL UNIQUE,
    user_id BYTEA NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT,
    agent TEXT NOT NULL,
    CHECK (length(id) = 16),
    CHECK (length(token_digest) = 32)
);
CREATE INDEX sessions_by_user ON sessions (user_id, created_at);

-- Failed sign-ins by account and by address.
CREATE TABLE sign_in_throttles (
    key TEXT PRIMARY KEY,
    failures INTEGER NOT NULL,
    last_failure_at BIGINT NOT NULL,
    blocked_until BIGINT NOT NULL,
    CHECK (failures >= 0)
);

-- Campaigns 创建项目.
CREATE TABLE campaigns (
    code TEXT PRIMARY KEY,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    level TEXT NOT NULL,
    honour_name TEXT NOT NULL
);

-- Types of places 点位类型.
CREATE TABLE point_types (
    code TEXT PRIMARY KEY,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    observation_unit TEXT NOT NULL,
    look_first TEXT NOT NULL,
    radius_m INTEGER NOT NULL,
    CHECK (radius_m > 0)
);

-- Items 测评项.
CREATE TABLE items (
    code TEXT PRIMARY KEY,
    campaign TEXT NOT NULL REFERENCES campaigns (code) ON DELETE RESTRICT,
    title_zh TEXT NOT NULL,
    title_en TEXT NOT NULL,
    point_types TEXT NOT NULL,
    weight INTEGER NOT NULL,
    veto BOOLEAN NOT NULL,
    time_limit TEXT,
    limit_note TEXT NOT NULL,
    chips TEXT NOT NULL,
    source TEXT NOT NULL,
    CHECK (weight BETWEEN 1 AND 5)
);
CREATE INDEX items_by_campaign ON items (campaign, code);

-- Places that are inspected 点位.
CREATE TABLE points (
    id BYTEA PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    point_type TEXT NOT NULL REFERENCES point_types (code) ON DELETE RESTRICT,
    lat DOUBLE PRECISION NOT NULL,
    lon DOUBLE PRECISION NOT NULL,
    radius_m INTEGER NOT NULL,
    campaigns TEXT NOT NULL,
    is_demo BOOLEAN NOT NULL,
    lead_unit_id BYTEA NOT NULL REFERENCES units (id) ON DELETE RESTRICT,
    territorial_unit_id BYTEA REFERENCES units (id) ON DELETE RESTRICT,
    area_code TEXT NOT NULL,
    address TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    CHECK (length(id) = 16),
    CHECK (lat BETWEEN -90 AND 90),
    CHECK (lon BETWEEN -180 AND 180),
    CHECK (radius_m > 0)
);
CREATE INDEX points_by_type ON points (point_type);
CREATE INDEX points_by_lead_unit ON points (lead_unit_id);
CREATE INDEX points_by_territorial_unit ON points (territorial_unit_id);
CREATE INDEX points_by_place ON points (lat, lon);

-- Stored originals, one row for the same bytes.
CREATE TABLE blobs (
    seq BIGSERIAL PRIMARY KEY,
    sha256 BYTEA NOT NULL UNIQUE,
    size_bytes BIGINT NOT NULL,
    media_type TEXT NOT NULL,
    width INTEGER,
    height INTEGER,
    orientation INTEGER NOT NULL,
    exif TEXT NOT NULL,
    fingerprint BIGINT,
    rendered_at BIGINT,
    render_error TEXT,
    scrubbed_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    CHECK (length(sha256) = 32),
    CHECK (size_bytes > 0),
    CHECK (media_type IN ('image/jpeg', 'image/png', 'image/webp', 'image/heic')),
    CHECK (orientation BETWEEN 1 AND 8)
);
CREATE INDEX blobs_by_scrub ON blobs (scrubbed_at);

-- Bands of perceptual fingerprints: equal or nearly equal pictures share one.
CREATE TABLE blob_bands (
    band_key INTEGER NOT NULL,
    fingerprint BIGINT NOT NULL,
    blob_seq BIGINT NOT NULL REFERENCES blobs (seq) ON DELETE CASCADE,
    PRIMARY KEY (band_key, blob_seq)
);
CREATE INDEX blob_bands_by_blob ON blob_bands (blob_seq);

-- Uploads, named by the client.
CREATE TABLE photos (
    id BYTEA PRIMARY KEY,
    sha256 BYTEA NOT NULL REFERENCES blobs (sha256) ON DELETE RESTRICT,
    uploader_id BYTEA NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    received_at BIGINT NOT NULL,
    claimed_at BIGINT,
    CHECK (length(id) = 16)
);
CREATE INDEX photos_by_blob ON photos (sha256);
CREATE INDEX photos_by_uploader ON photos (uploader_id);
CREATE INDEX photos_unclaimed ON photos (received_at) WHERE claimed_at IS NULL;

-- Reported problems 问题: the fold of their events.
CREATE TABLE issues (
    seq BIGSERIAL PRIMARY KEY,
    id BYTEA NOT NULL UNIQUE,
    number TEXT UNIQUE,
    version BIGINT NOT NULL,
    public_version BIGINT NOT NULL,
    state TEXT NOT NULL,
    round INTEGER NOT NULL,
    source TEXT NOT NULL,
    severity TEXT NOT NULL,
    campaign TEXT NOT NULL REFERENCES campaigns (code) ON DELETE RESTRICT,
    item_code TEXT NOT NULL REFERENCES items (code) ON DELETE RESTRICT,
    point_id BYTEA NOT NULL REFERENCES points (id) ON DELETE RESTRICT,
    area_code TEXT NOT NULL,
    unit_id BYTEA REFERENCES units (id) ON DELETE RESTRICT,
    finder_id BYTEA NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    visit_id BYTEA,
    description TEXT NOT NULL,
    captured_at BIGINT NOT NULL,
    lat DOUBLE PRECISION,
    lon DOUBLE PRECISION,
    accuracy_m DOUBLE PRECISION,
    received_at BIGINT NOT NULL,
    submitted_at BIGINT,
    approved_by BYTEA REFERENCES users (id) ON DELETE RESTRICT,
    approved_at BIGINT,
    released_by BYTEA REFERENCES users (id) ON DELETE RESTRICT,
    released_at BIGINT,
    urgent BOOLEAN NOT NULL,
    assigned_at BIGINT,
    final_assignment BOOLEAN NOT NULL,
    time_limit TEXT,
    clock_started_at BIGINT,
    round_limit TEXT,
    due_fixed BIGINT,
    due_at BIGINT,
    due_order BIGINT NOT NULL,
    calendar_version BIGINT,
    handler TEXT,
    signed_in_at BIGINT,
    unclaimed BOOLEAN NOT NULL,
    fixed_by BYTEA REFERENCES users (id) ON DELETE RESTRICT,
    reported_at BIGINT,
    measure TEXT,
    remedy TEXT,
    checker_id BYTEA REFERENCES users (id) ON DELETE RESTRICT,
    closed_by BYTEA REFERENCES users (id) ON DELETE RESTRICT,
    closed_at BIGINT,
    closed_on_site BOOLEAN,
    on_time BOOLEAN,
    look_back_inspector_id BYTEA REFERENCES users (id) ON DELETE RESTRICT,
    parent_id BYTEA REFERENCES issues (id) ON DELETE RESTRICT,
    chain_no INTEGER NOT NULL,
    duplicate_of BYTEA REFERENCES issues (id) ON DELETE RESTRICT,
    plan TEXT,
    body_digest BYTEA,
    CHECK (length(id) = 16),
    CHECK (state IN ('receiving', 'submitted', 'returned', 'sealed', 'assigned', 'rectifying', 'redispatch', 'reported', 'rework', 'hung', 'closed', 'archived', 'void')),
    CHECK (severity IN ('low', 'medium', 'high')),
    CHECK (source IN ('inspection', 'look-back')),
    CHECK (version >= 1),
    CHECK (public_version BETWEEN 0 AND version),
    CHECK ((public_version = 0) = (released_at IS NULL)),
    CHECK (round >= 1),
    CHECK (chain_no >= 0),
    CHECK ((parent_id IS NULL) = (chain_no = 0)),
    CHECK ((released_at IS NULL) = (number IS NULL)),
    CHECK ((released_at IS NULL) = (released_by IS NULL)),
    CHECK (released_at IS NULL OR unit_id IS NOT NULL),
    CHECK (state NOT IN ('assigned', 'rectifying', 'redispatch', 'reported', 'rework', 'hung', 'closed', 'archived') OR released_at IS NOT NULL),
    CHECK (state NOT IN ('receiving', 'submitted', 'returned', 'sealed') OR released_at IS NULL),
    CHECK ((state IN ('closed', 'archived')) = (closed_at IS NOT NULL)),
    CHECK (approved_by IS NULL OR approved_by <> finder_id),
    CHECK (released_by IS NULL OR urgent OR released_by <> approved_by),
    CHECK (closed_by IS NULL OR fixed_by IS NULL OR closed_by <> fixed_by),
    CHECK (closed_by IS NULL OR severity <> 'high' OR closed_by <> finder_id)
);
CREATE INDEX issues_by_receipt ON issues (received_at, id);
CREATE INDEX issues_by_state_receipt ON issues (state, received_at, id);
CREATE INDEX issues_by_state_due ON issues (state, due_order, id);
CREATE INDEX issues_by_due ON issues (due_order, id);
CREATE INDEX issues_by_unit_release ON issues (unit_id, released_at, id) WHERE released_at IS NOT NULL;
CREATE INDEX issues_by_unit_due ON issues (unit_id, due_order, id) WHERE released_at IS NOT NULL;
CREATE INDEX issues_by_finder ON issues (finder_id, received_at, id);
CREATE INDEX issues_by_point_item ON issues (point_id, item_code, closed_at);
CREATE INDEX issues_by_checker ON issues (checker_id) WHERE checker_id IS NOT NULL;
CREATE INDEX issues_by_look_back ON issues (look_back_inspector_id) WHERE look_back_inspector_id IS NOT NULL;
CREATE INDEX issues_by_parent ON issues (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX issues_by_item ON issues (item_code, received_at);
CREATE INDEX issues_by_campaign ON issues (campaign, received_at);
CREATE INDEX issues_by_closing ON issues (state, closed_at);

-- Photos put to issues; the photo itself may still be on its way.
CREATE TABLE issue_photos (
    issue_id BYTEA NOT NULL REFERENCES issues (id) ON DELETE RESTRICT,
    photo_id BYTEA NOT NULL,
    stage TEXT NOT NULL,
    round INTEGER NOT NULL,
    view TEXT NOT NULL,
    position INTEGER NOT NULL,
    captured_at BIGINT,
    expected_sha256 BYTEA,
    PRIMARY KEY (issue_id, photo_id),
    CHECK (stage IN ('found', 'fix', 'check', 'look-back', 'request')),
    CHECK (view IN ('far', 'near', 'detail', 'same-angle', 'wide'))
);
CREATE INDEX issue_photos_by_photo ON issue_photos (photo_id);

-- Evidence doubts 证据存疑.
CREATE TABLE issue_flags (
    seq BIGSERIAL PRIMARY KEY,
    issue_id BYTEA NOT NULL REFERENCES issues (id) ON DELETE RESTRICT,
    code TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    photo_id BYTEA,
    refers_to_issue BYTEA REFERENCES issues (id) ON DELETE RESTRICT,
    refers_to_photo BYTEA,
    raised_at BIGINT NOT NULL,
    UNIQUE (issue_id, code, subject)
);
CREATE INDEX issue_flags_by_reference ON issue_flags (refers_to_issue) WHERE refers_to_issue IS NOT NULL;

-- Returns 退回, one a unit and issue.
CREATE TABLE issue_returns (
    issue_id BYTEA NOT NULL REFERENCES issues (id) ON DELETE RESTRICT,
    unit_id BYTEA NOT NULL REFERENCES units (id) ON DELETE RESTRICT,
    returned_at BIGINT NOT NULL,
    reason TEXT NOT NULL,
    proposed_unit_id BYTEA REFERENCES units (id) ON DELETE RESTRICT,
    founded BOOLEAN,
    PRIMARY KEY (issue_id, unit_id)
);
CREATE INDEX issue_returns_by_unit ON issue_returns (unit_id, founded);
CREATE INDEX issue_returns_by_proposed_unit ON issue_returns (proposed_unit_id);

-- Extension and dispute requests 延期、异议.
CREATE TABLE issue_requests (
    id BYTEA PRIMARY KEY,
    issue_id BYTEA NOT NULL REFERENCES issues (id) ON DELETE RESTRICT,
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    unit_id BYTEA NOT NULL REFERENCES units (id) ON DELETE RESTRICT,
    filed_by BYTEA NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    filed_at BIGINT NOT NULL,
    reason TEXT NOT NULL,
    until BIGINT,
    decided_by BYTEA REFERENCES users (id) ON DELETE RESTRICT,
    decided_at BIGINT,
    decision_reason TEXT,
    CHECK (length(id) = 16),
    CHECK (kind IN ('extension', 'dispute')),
    CHECK (state IN ('pending', 'granted', 'refused', 'lapsed')),
    UNIQUE (issue_id, position)
);
CREATE UNIQUE INDEX issue_requests_pending ON issue_requests (issue_id, kind) WHERE state = 'pending';
CREATE INDEX issue_requests_by_state ON issue_requests (state, kind);
CREATE INDEX issue_requests_by_unit ON issue_requests (unit_id);

-- Times an issue's clock stood still 暂停计时.
CREATE TABLE issue_pauses (
    issue_id BYTEA NOT NULL REFERENCES issues (id) ON DELETE RESTRICT,
    position INTEGER NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at BIGINT,
    reason TEXT NOT NULL,
    approved_by BYTEA NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    PRIMARY KEY (issue_id, position),
    CHECK (ended_at IS NULL OR ended_at >= started_at)
);
CREATE INDEX issue_pauses_by_approver ON issue_pauses (approved_by);

-- What happened to issues, append-only.
CREATE TABLE issue_events (
    seq BIGSERIAL PRIMARY KEY,
    issue_id BYTEA NOT NULL REFERENCES issues (id) ON DELETE RESTRICT,
    version BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor_id BYTEA REFERENCES users (id) ON DELETE RESTRICT,
    actor_role TEXT,
    action TEXT NOT NULL,
    from_state TEXT,
    to_state TEXT NOT NULL,
    reason TEXT,
    photos TEXT NOT NULL,
    changes TEXT NOT NULL,
    UNIQUE (issue_id, version),
    CHECK (to_state IN ('receiving', 'submitted', 'returned', 'sealed', 'assigned', 'rectifying', 'redispatch', 'reported', 'rework', 'hung', 'closed', 'archived', 'void'))
);
CREATE INDEX issue_events_by_actor ON issue_events (actor_id, at);

-- Who did what to the service 操作留痕, append-only.
CREATE TABLE audit (
    seq BIGSERIAL PRIMARY KEY,
    at BIGINT NOT NULL,
    actor_id BYTEA REFERENCES users (id) ON DELETE RESTRICT,
    actor_role TEXT,
    action TEXT NOT NULL,
    target TEXT NOT NULL,
    outcome TEXT NOT NULL,
    detail TEXT NOT NULL,
    request_id TEXT NOT NULL,
    CHECK (outcome IN ('done', 'denied', 'failed'))
);
CREATE INDEX audit_by_actor ON audit (actor_id, seq);
CREATE INDEX audit_by_action ON audit (action, seq);

-- Background work 后台任务.
CREATE TABLE jobs (
    id BYTEA PRIMARY KEY,
    kind TEXT NOT NULL,
    dedupe_key TEXT UNIQUE,
    payload TEXT NOT NULL,
    run_at BIGINT NOT NULL,
    attempts INTEGER NOT NULL,
    claimed_by BYTEA,
    claimed_until BIGINT NOT NULL,
    stuck_at BIGINT,
    last_error TEXT,
    created_at BIGINT NOT NULL,
    CHECK (length(id) = 16)
);
CREATE INDEX jobs_by_run ON jobs (run_at) WHERE stuck_at IS NULL;

CREATE FUNCTION refuse_change() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$ LANGUAGE plpgsql;
CREATE TRIGGER issue_events_no_update BEFORE UPDATE ON issue_events FOR EACH ROW EXECUTE PROCEDURE refuse_change();
CREATE TRIGGER issue_events_no_delete BEFORE DELETE ON issue_events FOR EACH ROW EXECUTE PROCEDURE refuse_change();
CREATE TRIGGER issue_events_no_truncate BEFORE TRUNCATE ON issue_events FOR EACH STATEMENT EXECUTE PROCEDURE refuse_change();
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit FOR EACH ROW EXECUTE PROCEDURE refuse_change();
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit FOR EACH ROW EXECUTE PROCEDURE refuse_change();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE PROCEDURE refuse_change();
