-- What a second look at the service needs, table by table.

-- Background work is looked for lane by lane, and a lane is a few kinds of it.
CREATE INDEX jobs_by_kind ON jobs (kind, run_at) WHERE stuck_at IS NULL;

-- HEIC photos were kept without previews; now they are made when somebody first looks (ADR 0018).
UPDATE blobs SET render_error = NULL WHERE media_type = 'image/heic' AND rendered_at IS NULL;
