-- Batches of visits 暗访批次: each the fold of its events, as JSON.
CREATE TABLE batches (
    id BYTEA PRIMARY KEY,
    version BIGINT NOT NULL,
    state TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    CHECK (length(id) = 16),
    CHECK (version >= 1)
);
CREATE INDEX batches_by_creation ON batches (created_at, id);

-- What happened to batches, append-only.
CREATE TABLE batch_events (
    seq BIGSERIAL PRIMARY KEY,
    batch_id BYTEA NOT NULL REFERENCES batches (id) ON DELETE RESTRICT,
    version BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor_id BYTEA REFERENCES users (id) ON DELETE RESTRICT,
    action TEXT NOT NULL,
    from_state TEXT,
    to_state TEXT NOT NULL,
    reason TEXT,
    changes TEXT NOT NULL,
    UNIQUE (batch_id, version)
);
CREATE INDEX batch_events_by_actor ON batch_events (actor_id);
CREATE TRIGGER batch_events_no_update BEFORE UPDATE ON batch_events FOR EACH ROW EXECUTE PROCEDURE refuse_change();
CREATE TRIGGER batch_events_no_delete BEFORE DELETE ON batch_events FOR EACH ROW EXECUTE PROCEDURE refuse_change();
CREATE TRIGGER batch_events_no_truncate BEFORE TRUNCATE ON batch_events FOR EACH STATEMENT EXECUTE PROCEDURE refuse_change();
-- What a draw 随机抽取 was committed to and, once it is drawn, what came of it. Sealed until the batch is released.
CREATE TABLE draws (
    batch_id BYTEA NOT NULL REFERENCES batches (id) ON DELETE RESTRICT,
    attempt INTEGER NOT NULL,
    secret BYTEA NOT NULL,
    commitment TEXT NOT NULL,
    pool TEXT NOT NULL,
    rules TEXT NOT NULL,
    nonce BYTEA,
    outcome TEXT,
    redraws TEXT NOT NULL,
    PRIMARY KEY (batch_id, attempt),
    CHECK (length(secret) = 32),
    CHECK (nonce IS NULL OR length(nonce) = 32),
    CHECK ((nonce IS NULL) = (outcome IS NULL))
);

-- Who is behind a key of a pool: the only place that says so.
CREATE TABLE draw_inspectors (
    batch_id BYTEA NOT NULL REFERENCES batches (id) ON DELETE RESTRICT,
    attempt INTEGER NOT NULL,
    inspector_key BYTEA NOT NULL,
    user_id BYTEA NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    PRIMARY KEY (batch_id, attempt, inspector_key),
    CHECK (length(inspector_key) = 16)
);
CREATE INDEX draw_inspectors_by_user ON draw_inspectors (user_id);

-- Tasks 暗访任务 of drawn batches.
CREATE TABLE tasks (
    batch_id BYTEA NOT NULL REFERENCES batches (id) ON DELETE RESTRICT,
    number INTEGER NOT NULL,
    point_id BYTEA NOT NULL REFERENCES points (id) ON DELETE RESTRICT,
    from_at BIGINT NOT NULL,
    to_at BIGINT NOT NULL,
    dropped BOOLEAN NOT NULL,
    PRIMARY KEY (batch_id, number),
    CHECK (from_at < to_at)
);
CREATE INDEX tasks_by_point ON tasks (point_id);

-- Who carries them out.
CREATE TABLE task_inspectors (
    batch_id BYTEA NOT NULL REFERENCES batches (id) ON DELETE RESTRICT,
    number INTEGER NOT NULL,
    place INTEGER NOT NULL,
    user_id BYTEA NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    code_name TEXT NOT NULL,
    PRIMARY KEY (batch_id, number, place)
);
CREATE INDEX task_inspectors_by_user ON task_inspectors (user_id);

-- Recusals 回避: where an inspector does not go.
CREATE TABLE recused_points (
    inspector_id BYTEA NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    point_id BYTEA NOT NULL REFERENCES points (id) ON DELETE RESTRICT,
    PRIMARY KEY (inspector_id, point_id)
);
CREATE INDEX recused_points_by_point ON recused_points (point_id);
CREATE TABLE recused_units (
    inspector_id BYTEA NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    unit_id BYTEA NOT NULL REFERENCES units (id) ON DELETE RESTRICT,
    PRIMARY KEY (inspector_id, unit_id)
);
CREATE INDEX recused_units_by_unit ON recused_units (unit_id);

-- The task that a visit carries out; NULL for a sudden one 突击暗访, which nobody drew.
ALTER TABLE visits ADD COLUMN batch_id BYTEA REFERENCES batches (id) ON DELETE RESTRICT;
ALTER TABLE visits ADD COLUMN task_number INTEGER;
CREATE UNIQUE INDEX visits_by_task ON visits (batch_id, task_number, inspector_id);
