-- The way back, in reverse order.

-- Requests; what the older schema has no word for goes.
DELETE FROM issue_requests WHERE kind = 'hang';
ALTER TABLE issue_requests DROP CONSTRAINT issue_requests_kind_check;
ALTER TABLE issue_requests ADD CHECK (kind IN ('extension', 'dispute'));
ALTER TABLE issue_requests DROP COLUMN first_vote;
ALTER TABLE issue_requests DROP COLUMN plan;

-- Accounts.
ALTER TABLE users DROP COLUMN vice_head;

-- Issues.
DROP INDEX issues_by_look_back_of;
ALTER TABLE issues DROP COLUMN look_back_of;
ALTER TABLE issues DROP COLUMN confirmation;
ALTER TABLE issues DROP COLUMN rejection;
ALTER TABLE issues DROP COLUMN desk_reason;
ALTER TABLE issues DROP COLUMN fix_counted_at;
ALTER TABLE issues DROP COLUMN reported_severity;

-- Jobs.
DROP INDEX jobs_by_kind;
