-- What people have to say about the work and this service 投诉建议. The author is kept for the answer to
-- reach them; unless `named`, nobody else is told who it was.
CREATE TABLE complaints (
    id BYTEA PRIMARY KEY,
    author_id BYTEA NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    named BOOLEAN NOT NULL,
    filed_at BIGINT NOT NULL,
    answered_at BIGINT,
    answered_by BYTEA REFERENCES users (id) ON DELETE RESTRICT,
    answer TEXT,
    CHECK (length(id) = 16),
    CHECK (kind IN ('work', 'conduct', 'service', 'suggestion')),
    CHECK ((answered_at IS NULL) = (answer IS NULL)),
    CHECK ((answered_at IS NULL) = (answered_by IS NULL))
);
CREATE INDEX complaints_by_time ON complaints (filed_at, id);
CREATE INDEX complaints_by_author ON complaints (author_id, filed_at);
CREATE INDEX complaints_by_answerer ON complaints (answered_by);
