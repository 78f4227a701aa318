ALTER TABLE month_events DROP COLUMN gathering;
ALTER TABLE months DROP COLUMN card_events_until;
ALTER TABLE months DROP COLUMN issue_events_until;
ALTER TABLE months DROP COLUMN cutoff_at;
