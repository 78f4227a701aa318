-- The way back, in reverse order.

-- Searches.
DROP FUNCTION search_form(text);

DROP INDEX jobs_by_kind;
