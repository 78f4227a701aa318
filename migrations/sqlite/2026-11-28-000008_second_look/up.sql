-- What a second look at the service needs, table by table.

-- Background work is looked for lane by lane, and a lane is a few kinds of it.
CREATE INDEX jobs_by_kind ON jobs (kind, run_at) WHERE stuck_at IS NULL;

-- Searches: words and texts are compared in one form, `domain/search.rs`, which each connection brings along as the
-- function `search_form`.
