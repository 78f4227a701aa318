-- What a second look at the service needs, table by table.

-- Background work is looked for lane by lane, and a lane is a few kinds of it.
CREATE INDEX jobs_by_kind ON jobs (kind, run_at) WHERE stuck_at IS NULL;

-- HEIC photos were kept without previews; now they are made when somebody first looks (ADR 0018).
UPDATE blobs SET render_error = NULL WHERE media_type = 'image/heic' AND rendered_at IS NULL;

-- Issues: what the inspector said of the severity, from when a fix counts, second opinions 双人,
-- why one was closed at the desk, and where a look-back found what is no rebound any more.
ALTER TABLE issues ADD COLUMN reported_severity TEXT
    CHECK (reported_severity IN ('low', 'medium', 'high'));
ALTER TABLE issues ADD COLUMN fix_counted_at BIGINT;
ALTER TABLE issues ADD COLUMN desk_reason TEXT;
ALTER TABLE issues ADD COLUMN rejection TEXT;
ALTER TABLE issues ADD COLUMN confirmation TEXT;
ALTER TABLE issues ADD COLUMN look_back_of BYTEA REFERENCES issues (id) ON DELETE RESTRICT;
CREATE INDEX issues_by_look_back_of ON issues (look_back_of) WHERE look_back_of IS NOT NULL;

-- Who is a unit's vice head 分管领导; NULL on older accounts: nobody.
ALTER TABLE users ADD COLUMN vice_head BOOLEAN;

-- Requests: a third kind, the plan it offers, and the first of two opinions.
ALTER TABLE issue_requests ADD COLUMN plan TEXT;
ALTER TABLE issue_requests ADD COLUMN first_vote TEXT;
ALTER TABLE issue_requests DROP CONSTRAINT issue_requests_kind_check;
ALTER TABLE issue_requests ADD CHECK (kind IN ('extension', 'dispute', 'hang'));
