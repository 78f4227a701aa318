DROP INDEX issues_by_capture;
ALTER TABLE visits DROP COLUMN clock_set_back;
DROP TABLE batch_step_keys;
DROP TABLE name_requests;
DROP TABLE identity_keepers;
DROP TABLE permitted_zones;
DROP TABLE point_heads;
