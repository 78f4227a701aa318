-- A unit's list is asked for state by state (store/issues/list.rs), so its indexes begin with both.
DROP INDEX issues_by_unit_release;
DROP INDEX issues_by_unit_due;
CREATE INDEX issues_by_unit_release ON issues (unit_id, state, released_at, id) WHERE released_at IS NOT NULL;
CREATE INDEX issues_by_unit_due ON issues (unit_id, state, due_order, id) WHERE released_at IS NOT NULL;
