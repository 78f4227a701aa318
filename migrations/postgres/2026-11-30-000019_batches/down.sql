DROP INDEX visits_by_task;
ALTER TABLE visits DROP COLUMN task_number;
ALTER TABLE visits DROP COLUMN batch_id;
DROP TABLE task_inspectors;
DROP TABLE tasks;
DROP TABLE draw_inspectors;
DROP TABLE draws;
DROP TABLE batch_events;
DROP TABLE batches;
