-- Work that somebody asked for and waits for 长任务: a list as a sheet, and what comes. It goes in pieces, so that it
-- goes on where it was after a restart, on whichever node.
CREATE TABLE long_jobs (
    id BLOB PRIMARY KEY,
    kind TEXT NOT NULL,
    owner_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    -- What was asked for, as JSON; digest tells the same again from another.
    request TEXT NOT NULL,
    digest BLOB NOT NULL,
    -- Rows that are done, and how many there were to do when it began.
    done INTEGER NOT NULL,
    total INTEGER,
    -- Where it goes on; NULL at the beginning.
    resume TEXT,
    -- Its result so far.
    pieces INTEGER NOT NULL,
    size_bytes INTEGER NOT NULL,
    error TEXT,
    created_at INTEGER NOT NULL,
    ended_at INTEGER,
    -- From then on it and its result are forgotten.
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX long_jobs_by_owner ON long_jobs (owner_id, created_at, id);
CREATE INDEX long_jobs_by_expiry ON long_jobs (expires_at);

CREATE TABLE long_job_pieces (
    job_id BLOB NOT NULL REFERENCES long_jobs (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (job_id, position)
) STRICT;
