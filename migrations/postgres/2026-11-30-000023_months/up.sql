-- Rules of the month 月评规则, in versions; each a JSON object with the document that it follows.
CREATE TABLE month_rules (
    version BIGINT PRIMARY KEY,
    body TEXT NOT NULL,
    source TEXT NOT NULL,
    made_by BYTEA NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    made_at BIGINT NOT NULL,
    CHECK (version >= 2)
);
CREATE INDEX month_rules_by_author ON month_rules (made_by);
CREATE TRIGGER month_rules_no_update BEFORE UPDATE ON month_rules FOR EACH ROW EXECUTE PROCEDURE refuse_change();
CREATE TRIGGER month_rules_no_delete BEFORE DELETE ON month_rules FOR EACH ROW EXECUTE PROCEDURE refuse_change();
CREATE TRIGGER month_rules_no_truncate BEFORE TRUNCATE ON month_rules FOR EACH STATEMENT EXECUTE PROCEDURE refuse_change();

-- Peer group 考评分组 of a unit, where it is not that of its kind.
CREATE TABLE unit_groups (
    unit_id BYTEA PRIMARY KEY REFERENCES units (id) ON DELETE RESTRICT,
    peer_group TEXT NOT NULL,
    is_township BOOLEAN NOT NULL
);

-- Months 月评: each the state after its last step, as JSON. The instant up to which its rows were read, the calendar
-- and the rules that hold for it, and whether visits that nobody drew counted.
CREATE TABLE months (
    month TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    state TEXT NOT NULL,
    body TEXT NOT NULL,
    gathered_at BIGINT NOT NULL,
    calendar_version BIGINT NOT NULL,
    rules_version BIGINT NOT NULL,
    counts_sudden BOOLEAN NOT NULL,
    snapshot_sha256 BYTEA NOT NULL,
    results_sha256 BYTEA NOT NULL,
    CHECK (length(month) = 7),
    CHECK (version >= 1),
    CHECK (length(snapshot_sha256) = 32),
    CHECK (length(results_sha256) = 32)
);

-- Steps of months, append-only.
CREATE TABLE month_events (
    seq BIGSERIAL PRIMARY KEY,
    month TEXT NOT NULL REFERENCES months (month) ON DELETE RESTRICT,
    version BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor_id BYTEA REFERENCES users (id) ON DELETE RESTRICT,
    action TEXT NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (month, version)
);
CREATE INDEX month_events_by_actor ON month_events (actor_id);
CREATE TRIGGER month_events_no_update BEFORE UPDATE ON month_events FOR EACH ROW EXECUTE PROCEDURE refuse_change();
CREATE TRIGGER month_events_no_delete BEFORE DELETE ON month_events FOR EACH ROW EXECUTE PROCEDURE refuse_change();
CREATE TRIGGER month_events_no_truncate BEFORE TRUNCATE ON month_events FOR EACH STATEMENT EXECUTE PROCEDURE refuse_change();

-- Bytes of snapshots and results, in pieces, under their digests.
CREATE TABLE month_pieces (
    sha256 BYTEA NOT NULL,
    position INTEGER NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (sha256, position),
    CHECK (length(sha256) = 32)
);
CREATE TRIGGER month_pieces_no_update BEFORE UPDATE ON month_pieces FOR EACH ROW EXECUTE PROCEDURE refuse_change();
CREATE TRIGGER month_pieces_no_delete BEFORE DELETE ON month_pieces FOR EACH ROW EXECUTE PROCEDURE refuse_change();
CREATE TRIGGER month_pieces_no_truncate BEFORE TRUNCATE ON month_pieces FOR EACH STATEMENT EXECUTE PROCEDURE refuse_change();

-- Lines that correct a locked month in a later one. Points are an exact number, such as -3/2.
CREATE TABLE month_adjustments (
    id BYTEA PRIMARY KEY,
    unit_id BYTEA NOT NULL REFERENCES units (id) ON DELETE RESTRICT,
    of_month TEXT NOT NULL,
    in_month TEXT NOT NULL,
    points TEXT NOT NULL,
    reason TEXT NOT NULL,
    document_no TEXT NOT NULL,
    made_by BYTEA NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    made_at BIGINT NOT NULL,
    CHECK (length(id) = 16),
    CHECK (of_month < in_month)
);
CREATE INDEX month_adjustments_by_month ON month_adjustments (in_month, id);
CREATE INDEX month_adjustments_by_unit ON month_adjustments (unit_id);
CREATE INDEX month_adjustments_by_author ON month_adjustments (made_by);
CREATE TRIGGER month_adjustments_no_update BEFORE UPDATE ON month_adjustments FOR EACH ROW EXECUTE PROCEDURE refuse_change();
CREATE TRIGGER month_adjustments_no_delete BEFORE DELETE ON month_adjustments FOR EACH ROW EXECUTE PROCEDURE refuse_change();
CREATE TRIGGER month_adjustments_no_truncate BEFORE TRUNCATE ON month_adjustments FOR EACH STATEMENT EXECUTE PROCEDURE refuse_change();

-- Commendations by a higher level 上级表彰.
CREATE TABLE commendations (
    id BYTEA PRIMARY KEY,
    unit_id BYTEA NOT NULL REFERENCES units (id) ON DELETE RESTRICT,
    in_month TEXT NOT NULL,
    given_on TEXT NOT NULL,
    title TEXT NOT NULL,
    document_no TEXT NOT NULL,
    made_by BYTEA NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    made_at BIGINT NOT NULL,
    CHECK (length(id) = 16)
);
CREATE INDEX commendations_by_month ON commendations (in_month, id);
CREATE INDEX commendations_by_unit ON commendations (unit_id);
CREATE INDEX commendations_by_author ON commendations (made_by);
CREATE TRIGGER commendations_no_update BEFORE UPDATE ON commendations FOR EACH ROW EXECUTE PROCEDURE refuse_change();
CREATE TRIGGER commendations_no_delete BEFORE DELETE ON commendations FOR EACH ROW EXECUTE PROCEDURE refuse_change();
CREATE TRIGGER commendations_no_truncate BEFORE TRUNCATE ON commendations FOR EACH STATEMENT EXECUTE PROCEDURE refuse_change();

-- Ledger of rewards and penalties 奖惩台账: each entry as JSON. Its key is made once.
CREATE TABLE ledger_entries (
    id BYTEA PRIMARY KEY,
    entry_key TEXT NOT NULL UNIQUE,
    month TEXT NOT NULL,
    unit_id BYTEA NOT NULL REFERENCES units (id) ON DELETE RESTRICT,
    version BIGINT NOT NULL,
    state TEXT NOT NULL,
    body TEXT NOT NULL,
    CHECK (length(id) = 16),
    CHECK (version >= 1)
);
CREATE INDEX ledger_entries_by_month ON ledger_entries (month, id);
CREATE INDEX ledger_entries_by_unit ON ledger_entries (unit_id);

-- Steps of entries, append-only.
CREATE TABLE ledger_events (
    seq BIGSERIAL PRIMARY KEY,
    entry_id BYTEA NOT NULL REFERENCES ledger_entries (id) ON DELETE RESTRICT,
    version BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor_id BYTEA REFERENCES users (id) ON DELETE RESTRICT,
    action TEXT,
    body TEXT NOT NULL,
    UNIQUE (entry_id, version)
);
CREATE INDEX ledger_events_by_actor ON ledger_events (actor_id);
CREATE TRIGGER ledger_events_no_update BEFORE UPDATE ON ledger_events FOR EACH ROW EXECUTE PROCEDURE refuse_change();
CREATE TRIGGER ledger_events_no_delete BEFORE DELETE ON ledger_events FOR EACH ROW EXECUTE PROCEDURE refuse_change();
CREATE TRIGGER ledger_events_no_truncate BEFORE TRUNCATE ON ledger_events FOR EACH STATEMENT EXECUTE PROCEDURE refuse_change();

-- Adjustments at the end of a year 年度调整.
CREATE TABLE year_adjustments (
    id BYTEA PRIMARY KEY,
    unit_id BYTEA NOT NULL REFERENCES units (id) ON DELETE RESTRICT,
    year INTEGER NOT NULL,
    points TEXT NOT NULL,
    reason TEXT NOT NULL,
    document_no TEXT NOT NULL,
    made_by BYTEA NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    made_at BIGINT NOT NULL,
    CHECK (length(id) = 16)
);
CREATE INDEX year_adjustments_by_year ON year_adjustments (year, id);
CREATE INDEX year_adjustments_by_unit ON year_adjustments (unit_id);
CREATE INDEX year_adjustments_by_author ON year_adjustments (made_by);
CREATE TRIGGER year_adjustments_no_update BEFORE UPDATE ON year_adjustments FOR EACH ROW EXECUTE PROCEDURE refuse_change();
CREATE TRIGGER year_adjustments_no_delete BEFORE DELETE ON year_adjustments FOR EACH ROW EXECUTE PROCEDURE refuse_change();
CREATE TRIGGER year_adjustments_no_truncate BEFORE TRUNCATE ON year_adjustments FOR EACH STATEMENT EXECUTE PROCEDURE refuse_change();

-- Look-backs by time: a month counts those of its last three.
CREATE INDEX issue_events_of_look_backs ON issue_events (at) WHERE action = 'look-back';
-- Releases of batches by time: their visits count from then.
CREATE INDEX batch_events_of_releases ON batch_events (at) WHERE action = 'release';
