DROP TABLE pairings;
DROP TABLE unit_people;
DROP TABLE capture_nonces;
DROP INDEX visits_by_capture;
DROP TABLE visit_doubts;
ALTER TABLE visit_results DROP COLUMN permitted_by;
