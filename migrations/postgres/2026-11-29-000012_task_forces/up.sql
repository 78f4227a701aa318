-- Accounts: a task force 创建专班 works for one campaign. Which role names what is said by the code
-- (`domain/role.rs`), so that a new role changes no constraint.
ALTER TABLE users ADD COLUMN campaign TEXT REFERENCES campaigns (code) ON DELETE RESTRICT;
ALTER TABLE users DROP CONSTRAINT users_role_check;
ALTER TABLE users DROP CONSTRAINT users_check;
ALTER TABLE users ADD CHECK (unit_id IS NULL OR campaign IS NULL);
CREATE INDEX users_by_campaign ON users (campaign);

-- Words that the code knows, and refuses where it does not, are listed in no check of a small table any more.
ALTER TABLE duties DROP CONSTRAINT duties_role_check;
ALTER TABLE complaints DROP CONSTRAINT complaints_kind_check;
ALTER TABLE map_images DROP CONSTRAINT map_images_crs_check;
ALTER TABLE issue_requests DROP CONSTRAINT issue_requests_kind_check;
ALTER TABLE issue_requests DROP CONSTRAINT issue_requests_state_check;

-- Lists of a campaign, and of all that is released, are asked for state by state, as a unit's are
-- (store/issues/list.rs).
CREATE INDEX issues_by_state_release ON issues (state, released_at, id) WHERE released_at IS NOT NULL;
CREATE INDEX issues_by_campaign_release ON issues (campaign, state, released_at, id) WHERE released_at IS NOT NULL;
CREATE INDEX issues_by_campaign_due ON issues (campaign, state, due_order, id) WHERE released_at IS NOT NULL;
