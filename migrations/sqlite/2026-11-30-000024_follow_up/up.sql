-- Look-back samples 回头看抽查: from what was drawn, by which rules, from which seed, and what came of it.
CREATE TABLE look_back_samples (
    id BLOB PRIMARY KEY,
    kind TEXT NOT NULL,
    period TEXT NOT NULL,
    population INTEGER NOT NULL,
    until_at INTEGER NOT NULL,
    proof TEXT NOT NULL,
    digest BLOB NOT NULL,
    drawn_by BLOB REFERENCES users (id) ON DELETE RESTRICT,
    drawn_at INTEGER NOT NULL,
    UNIQUE (kind, period),
    CHECK (length(id) = 16),
    CHECK (length(digest) = 32)
) STRICT;
CREATE INDEX look_back_samples_by_time ON look_back_samples (drawn_at, id);
CREATE INDEX look_back_samples_by_person ON look_back_samples (drawn_by);
CREATE TRIGGER look_back_samples_no_update BEFORE UPDATE ON look_back_samples BEGIN SELECT RAISE(ABORT, 'look_back_samples is append-only'); END;
CREATE TRIGGER look_back_samples_no_delete BEFORE DELETE ON look_back_samples BEGIN SELECT RAISE(ABORT, 'look_back_samples is append-only'); END;

-- Who is behind a key of a sample's proof.
CREATE TABLE look_back_people (
    sample_id BLOB NOT NULL REFERENCES look_back_samples (id) ON DELETE RESTRICT,
    inspector_key BLOB NOT NULL,
    user_id BLOB NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    PRIMARY KEY (sample_id, inspector_key),
    CHECK (length(inspector_key) = 16)
) STRICT;
CREATE INDEX look_back_people_by_user ON look_back_people (user_id);

-- The drawn issues, and to whom each was given.
CREATE TABLE look_back_rows (
    sample_id BLOB NOT NULL REFERENCES look_back_samples (id) ON DELETE RESTRICT,
    number INTEGER NOT NULL,
    issue_id BLOB NOT NULL REFERENCES issues (id) ON DELETE RESTRICT,
    reason TEXT NOT NULL,
    inspector_id BLOB REFERENCES users (id) ON DELETE RESTRICT,
    on_day TEXT NOT NULL,
    part TEXT NOT NULL,
    give_at INTEGER NOT NULL,
    until_at INTEGER,
    state TEXT NOT NULL,
    settled_at INTEGER,
    given_version INTEGER,
    PRIMARY KEY (sample_id, number)
) STRICT;
CREATE INDEX look_back_rows_by_issue ON look_back_rows (issue_id);
CREATE INDEX look_back_rows_by_inspector ON look_back_rows (inspector_id);
CREATE INDEX look_back_rows_by_state ON look_back_rows (state, give_at);

-- Yellow and red cards, talks and referrals 黄牌红牌、约谈、移交: proposed by the rules, decided by people.
CREATE TABLE cards (
    id BLOB PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    version INTEGER NOT NULL,
    state TEXT NOT NULL,
    measure TEXT NOT NULL,
    unit_id BLOB NOT NULL REFERENCES units (id) ON DELETE RESTRICT,
    issue_id BLOB REFERENCES issues (id) ON DELETE RESTRICT,
    proposed_at INTEGER NOT NULL,
    issued_at INTEGER,
    body TEXT NOT NULL,
    CHECK (length(id) = 16),
    CHECK (version >= 1)
) STRICT;
CREATE INDEX cards_by_state ON cards (state, proposed_at, id);
CREATE INDEX cards_by_proposal ON cards (proposed_at, id);
CREATE INDEX cards_by_unit ON cards (unit_id, issued_at, id);
CREATE INDEX cards_by_issue ON cards (issue_id);
CREATE INDEX cards_by_issuing ON cards (issued_at, id) WHERE issued_at IS NOT NULL;

-- What happened to them, append-only.
CREATE TABLE card_events (
    seq INTEGER PRIMARY KEY,
    card_id BLOB NOT NULL REFERENCES cards (id) ON DELETE RESTRICT,
    version INTEGER NOT NULL,
    at INTEGER NOT NULL,
    actor_id BLOB REFERENCES users (id) ON DELETE RESTRICT,
    action TEXT NOT NULL,
    from_state TEXT,
    to_state TEXT NOT NULL,
    reason TEXT,
    changes TEXT NOT NULL,
    UNIQUE (card_id, version)
) STRICT;
CREATE INDEX card_events_by_actor ON card_events (actor_id);
CREATE TRIGGER card_events_no_update BEFORE UPDATE ON card_events BEGIN SELECT RAISE(ABORT, 'card_events is append-only'); END;
CREATE TRIGGER card_events_no_delete BEFORE DELETE ON card_events BEGIN SELECT RAISE(ABORT, 'card_events is append-only'); END;

-- Accountability cases 问责台账: proposed by one person of the office, approved by another.
CREATE TABLE accountability_cases (
    id BLOB PRIMARY KEY,
    unit_id BLOB NOT NULL REFERENCES units (id) ON DELETE RESTRICT,
    issue_id BLOB REFERENCES issues (id) ON DELETE RESTRICT,
    person TEXT NOT NULL,
    kind TEXT NOT NULL,
    reason TEXT NOT NULL,
    document_no TEXT NOT NULL,
    on_day TEXT NOT NULL,
    proposed_by BLOB NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    proposed_at INTEGER NOT NULL,
    approved_by BLOB REFERENCES users (id) ON DELETE RESTRICT,
    approved_at INTEGER,
    CHECK (length(id) = 16),
    CHECK ((approved_by IS NULL) = (approved_at IS NULL)),
    CHECK (approved_by IS NULL OR approved_by <> proposed_by)
) STRICT;
CREATE INDEX accountability_cases_by_time ON accountability_cases (proposed_at, id);
CREATE INDEX accountability_cases_by_unit ON accountability_cases (unit_id);
CREATE INDEX accountability_cases_by_issue ON accountability_cases (issue_id);
CREATE INDEX accountability_cases_by_proposer ON accountability_cases (proposed_by);
CREATE INDEX accountability_cases_by_approver ON accountability_cases (approved_by);

-- When each released issue is looked at next: whether a card is due, and whether it is a choke point 堵点. Triggers write
-- 0, at once, so that no change is missed. It can be made again from the issues, so no backup carries it.
CREATE TABLE follow_up_watches (
    issue_id BLOB PRIMARY KEY REFERENCES issues (id) ON DELETE CASCADE,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX follow_up_watches_by_time ON follow_up_watches (at, issue_id);

-- The choke points as of the last look, in the order of the dispatch list 调度清单. Made again from the issues, too.
CREATE TABLE choke_points (
    issue_id BLOB PRIMARY KEY REFERENCES issues (id) ON DELETE CASCADE,
    rank INTEGER NOT NULL,
    due_at INTEGER NOT NULL
) STRICT;
CREATE INDEX choke_points_by_rank ON choke_points (rank, due_at, issue_id);

CREATE TRIGGER follow_up_added AFTER INSERT ON issues WHEN NEW.released_at IS NOT NULL AND NEW.closed_at IS NULL BEGIN
    INSERT INTO follow_up_watches (issue_id, at) VALUES (NEW.id, 0);
END;
CREATE TRIGGER follow_up_changed AFTER UPDATE ON issues WHEN NEW.released_at IS NOT NULL AND NEW.state <> 'archived' BEGIN
    DELETE FROM follow_up_watches WHERE issue_id = NEW.id;
    INSERT INTO follow_up_watches (issue_id, at) VALUES (NEW.id, 0);
END;

INSERT INTO follow_up_watches (issue_id, at) SELECT id, 0 FROM issues WHERE released_at IS NOT NULL AND closed_at IS NULL;
