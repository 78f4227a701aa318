-- Notes 督战 of county leaders on what they are paired with (M08).
CREATE TABLE leader_notes (
    id BYTEA PRIMARY KEY,
    leader_id BYTEA NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    pairing_id BYTEA NOT NULL REFERENCES pairings (id) ON DELETE RESTRICT,
    unit_id BYTEA NOT NULL REFERENCES units (id) ON DELETE RESTRICT,
    issue_id BYTEA REFERENCES issues (id) ON DELETE RESTRICT,
    note TEXT NOT NULL,
    written_at BIGINT NOT NULL,
    CHECK (length(id) = 16)
);
CREATE INDEX leader_notes_by_time ON leader_notes (written_at, id);
CREATE INDEX leader_notes_by_leader ON leader_notes (leader_id, written_at, id);
CREATE INDEX leader_notes_by_unit ON leader_notes (unit_id, written_at, id);
CREATE INDEX leader_notes_by_issue ON leader_notes (issue_id);
CREATE INDEX leader_notes_by_pairing ON leader_notes (pairing_id);

-- Draws of completed visits that somebody else makes again 双盲复查: the proof says what each depended on.
CREATE TABLE repeat_draws (
    id BYTEA PRIMARY KEY,
    population INTEGER NOT NULL,
    until_at BIGINT NOT NULL,
    proof TEXT NOT NULL,
    digest BYTEA NOT NULL,
    drawn_at BIGINT NOT NULL,
    CHECK (length(id) = 16),
    CHECK (length(digest) = 32)
);
CREATE INDEX repeat_draws_by_end ON repeat_draws (until_at);

-- The drawn visits, and the task under which each is made again; NULL when nobody goes.
CREATE TABLE repeats (
    visit_id BYTEA PRIMARY KEY REFERENCES visits (id) ON DELETE RESTRICT,
    draw_id BYTEA NOT NULL REFERENCES repeat_draws (id) ON DELETE RESTRICT,
    batch_id BYTEA NOT NULL REFERENCES batches (id) ON DELETE RESTRICT,
    number INTEGER,
    state TEXT NOT NULL,
    CHECK ((number IS NULL) = (state <> 'given'))
);
CREATE INDEX repeats_by_draw ON repeats (draw_id);
CREATE INDEX repeats_by_task ON repeats (batch_id, number);
