ALTER TABLE issue_photos DROP COLUMN marks;
