-- The way back, in reverse order.

DROP INDEX jobs_by_kind;
