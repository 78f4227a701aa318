-- What a second look at the service needs, table by table.

-- Background work is looked for lane by lane, and a lane is a few kinds of it.
CREATE INDEX jobs_by_kind ON jobs (kind, run_at) WHERE stuck_at IS NULL;

-- Searches: words and texts are compared in one form, `domain/search.rs`, which SQLite is given by each connection.
-- The small letters of all scripts want a collation that knows them, whatever the database's own is.
DO $$
DECLARE
    letters text;
BEGIN
    SELECT ' COLLATE ' || quote_ident(collname) INTO letters FROM pg_collation
        WHERE collname IN ('pg_c_utf8', 'und-x-icu') ORDER BY collname LIMIT 1;
    EXECUTE 'CREATE FUNCTION search_form(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $form$
        SELECT btrim(lower(translate(normalize($1, NFKC),
            chr(173) || chr(8203) || chr(8204) || chr(8205) || chr(8206) || chr(8207)
            || chr(8234) || chr(8235) || chr(8236) || chr(8237) || chr(8238)
            || chr(8288) || chr(8289) || chr(8290) || chr(8291) || chr(8292) || chr(65279), '''')'
        || coalesce(letters, '') || '), '' '' || chr(9) || chr(10) || chr(11) || chr(12) || chr(13)) COLLATE "C" $form$';
END
$$;
