-- Up to where the rows of a month were read: the cut-off, and the last steps of issues and of cards that were known.
-- Months that were frozen before have none of them.
ALTER TABLE months ADD COLUMN cutoff_at INTEGER;
ALTER TABLE months ADD COLUMN issue_events_until INTEGER;
ALTER TABLE months ADD COLUMN card_events_until INTEGER;
-- How they were read, with the step that read them: what the row of the month says is compared with it.
ALTER TABLE month_events ADD COLUMN gathering TEXT;
