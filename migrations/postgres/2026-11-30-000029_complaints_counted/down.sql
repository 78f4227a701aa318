DROP INDEX complaints_by_kind;
