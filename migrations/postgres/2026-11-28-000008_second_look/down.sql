-- The way back, in reverse order.

DROP TABLE denials;

DROP INDEX jobs_by_kind;
