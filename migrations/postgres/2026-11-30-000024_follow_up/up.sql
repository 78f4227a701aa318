-- Look-back samples 回头看抽查: from what was drawn, by which rules, from which seed, and what came of it.
CREATE TABLE look_back_samples (
    id BYTEA PRIMARY KEY,
    kind TEXT NOT NULL,
    period TEXT NOT NULL,
    population INTEGER NOT NULL,
    until_at BIGINT NOT NULL,
    proof TEXT NOT NULL,
    digest BYTEA NOT NULL,
    drawn_by BYTEA REFERENCES users (id) ON DELETE RESTRICT,
    drawn_at BIGINT NOT NULL,
    UNIQUE (kind, period),
    CHECK (length(id) = 16),
    CHECK (length(digest) = 32)
);
CREATE INDEX look_back_samples_by_time ON look_back_samples (drawn_at, id);
CREATE INDEX look_back_samples_by_person ON look_back_samples (drawn_by);
CREATE TRIGGER look_back_samples_no_update BEFORE UPDATE ON look_back_samples FOR EACH ROW EXECUTE PROCEDURE refuse_change();
CREATE TRIGGER look_back_samples_no_delete BEFORE DELETE ON look_back_samples FOR EACH ROW EXECUTE PROCEDURE refuse_change();
CREATE TRIGGER look_back_samples_no_truncate BEFORE TRUNCATE ON look_back_samples FOR EACH STATEMENT EXECUTE PROCEDURE refuse_change();

-- Who is behind a key of a sample's proof.
CREATE TABLE look_back_people (
    sample_id BYTEA NOT NULL REFERENCES look_back_samples (id) ON DELETE RESTRICT,
    inspector_key BYTEA NOT NULL,
    user_id BYTEA NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    PRIMARY KEY (sample_id, inspector_key),
    CHECK (length(inspector_key) = 16)
);
CREATE INDEX look_back_people_by_user ON look_back_people (user_id);

-- The drawn issues, and to whom each was given.
CREATE TABLE look_back_rows (
    sample_id BYTEA NOT NULL REFERENCES look_back_samples (id) ON DELETE RESTRICT,
    number INTEGER NOT NULL,
    issue_id BYTEA NOT NULL REFERENCES issues (id) ON DELETE RESTRICT,
    reason TEXT NOT NULL,
    inspector_id BYTEA REFERENCES users (id) ON DELETE RESTRICT,
    on_day TEXT NOT NULL,
    part TEXT NOT NULL,
    give_at BIGINT NOT NULL,
    until_at BIGINT,
    state TEXT NOT NULL,
    settled_at BIGINT,
    given_version BIGINT,
    PRIMARY KEY (sample_id, number)
);
CREATE INDEX look_back_rows_by_issue ON look_back_rows (issue_id);
CREATE INDEX look_back_rows_by_inspector ON look_back_rows (inspector_id);
CREATE INDEX look_back_rows_by_state ON look_back_rows (state, give_at);

-- Yellow and red cards, talks and referrals 黄牌红牌、约谈、移交: proposed by the rules, decided by people.
CREATE TABLE cards (
    id BYTEA PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    version BIGINT NOT NULL,
    state TEXT NOT NULL,
    measure TEXT NOT NULL,
    unit_id BYTEA NOT NULL REFERENCES units (id) ON DELETE RESTRICT,
    issue_id BYTEA REFERENCES issues (id) ON DELETE RESTRICT,
    proposed_at BIGINT NOT NULL,
    issued_at BIGINT,
    body TEXT NOT NULL,
    CHECK (length(id) = 16),
    CHECK (version >= 1)
);
CREATE INDEX cards_by_state ON cards (state, proposed_at, id);
CREATE INDEX cards_by_proposal ON cards (proposed_at, id);
CREATE INDEX cards_by_unit ON cards (unit_id, issued_at, id);
CREATE INDEX cards_by_issue ON cards (issue_id);
CREATE INDEX cards_by_issuing ON cards (issued_at, id) WHERE issued_at IS NOT NULL;

-- What happened to them, append-only.
CREATE TABLE card_events (
    seq BIGSERIAL PRIMARY KEY,
    card_id BYTEA NOT NULL REFERENCES cards (id) ON DELETE RESTRICT,
    version BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor_id BYTEA REFERENCES users (id) ON DELETE RESTRICT,
    action TEXT NOT NULL,
    from_state TEXT,
    to_state TEXT NOT NULL,
    reason TEXT,
    changes TEXT NOT NULL,
    UNIQUE (card_id, version)
);
CREATE INDEX card_events_by_actor ON card_events (actor_id);
CREATE TRIGGER card_events_no_update BEFORE UPDATE ON card_events FOR EACH ROW EXECUTE PROCEDURE refuse_change();
CREATE TRIGGER card_events_no_delete BEFORE DELETE ON card_events FOR EACH ROW EXECUTE PROCEDURE refuse_change();
CREATE TRIGGER card_events_no_truncate BEFORE TRUNCATE ON card_events FOR EACH STATEMENT EXECUTE PROCEDURE refuse_change();

-- Accountability cases 问责台账: proposed by one person of the office, approved by another.
CREATE TABLE accountability_cases (
    id BYTEA PRIMARY KEY,
    unit_id BYTEA NOT NULL REFERENCES units (id) ON DELETE RESTRICT,
    issue_id BYTEA REFERENCES issues (id) ON DELETE RESTRICT,
    person TEXT NOT NULL,
    kind TEXT NOT NULL,
    reason TEXT NOT NULL,
    document_no TEXT NOT NULL,
    on_day TEXT NOT NULL,
    proposed_by BYTEA NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    proposed_at BIGINT NOT NULL,
    approved_by BYTEA REFERENCES users (id) ON DELETE RESTRICT,
    approved_at BIGINT,
    CHECK (length(id) = 16),
    CHECK ((approved_by IS NULL) = (approved_at IS NULL)),
    CHECK (approved_by IS NULL OR approved_by <> proposed_by)
);
CREATE INDEX accountability_cases_by_time ON accountability_cases (proposed_at, id);
CREATE INDEX accountability_cases_by_unit ON accountability_cases (unit_id);
CREATE INDEX accountability_cases_by_issue ON accountability_cases (issue_id);
CREATE INDEX accountability_cases_by_proposer ON accountability_cases (proposed_by);
CREATE INDEX accountability_cases_by_approver ON accountability_cases (approved_by);

-- When each released issue is looked at next: whether a card is due, and whether it is a choke point 堵点. Triggers write
-- 0, at once, so that no change is missed. It can be made again from the issues, so no backup carries it.
CREATE TABLE follow_up_watches (
    issue_id BYTEA PRIMARY KEY REFERENCES issues (id) ON DELETE CASCADE,
    at BIGINT NOT NULL
);
CREATE INDEX follow_up_watches_by_time ON follow_up_watches (at, issue_id);

-- The choke points as of the last look, in the order of the dispatch list 调度清单. Made again from the issues, too.
CREATE TABLE choke_points (
    issue_id BYTEA PRIMARY KEY REFERENCES issues (id) ON DELETE CASCADE,
    rank INTEGER NOT NULL,
    due_at BIGINT NOT NULL
);
CREATE INDEX choke_points_by_rank ON choke_points (rank, due_at, issue_id);

CREATE FUNCTION follow_up_note() RETURNS trigger AS $$ BEGIN
    DELETE FROM follow_up_watches WHERE issue_id = NEW.id;
    INSERT INTO follow_up_watches (issue_id, at) VALUES (NEW.id, 0);
    RETURN NULL;
END $$ LANGUAGE plpgsql;
CREATE TRIGGER follow_up_added AFTER INSERT ON issues FOR EACH ROW WHEN (NEW.released_at IS NOT NULL AND NEW.closed_at IS NULL) EXECUTE PROCEDURE follow_up_note();
CREATE TRIGGER follow_up_changed AFTER UPDATE ON issues FOR EACH ROW WHEN (NEW.released_at IS NOT NULL AND NEW.state <> 'archived') EXECUTE PROCEDURE follow_up_note();

INSERT INTO follow_up_watches (issue_id, at) SELECT id, 0 FROM issues WHERE released_at IS NOT NULL AND closed_at IS NULL;
