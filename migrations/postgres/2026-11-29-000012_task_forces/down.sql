-- The way back, in reverse order.
DROP INDEX issues_by_campaign_due;
DROP INDEX issues_by_campaign_release;
DROP INDEX issues_by_state_release;

ALTER TABLE issue_requests ADD CHECK (kind IN ('extension', 'dispute', 'hang'));
ALTER TABLE issue_requests ADD CHECK (state IN ('pending', 'granted', 'refused', 'lapsed'));
ALTER TABLE map_images ADD CHECK (crs IN ('wgs84', 'cgcs2000', 'gcj02'));
ALTER TABLE complaints ADD CHECK (kind IN ('work', 'conduct', 'service', 'suggestion'));
ALTER TABLE duties ADD CHECK (role IN ('lead', 'co', 'territorial', 'frontage'));

-- An account is never removed. What the older schema has no word for is barred, and called by the nearest one.
UPDATE users SET role = 'leader', disabled_at = COALESCE(disabled_at, created_at) WHERE role = 'task_force';
DROP INDEX users_by_campaign;
ALTER TABLE users DROP COLUMN campaign;
ALTER TABLE users ADD CHECK (role IN ('inspector', 'unit', 'office', 'leader', 'discipline', 'admin'));
ALTER TABLE users ADD CHECK ((role = 'unit') = (unit_id IS NOT NULL));
