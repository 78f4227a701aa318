-- A point may be known by its address before anybody has stood there: both degrees are NULL then. SQLite drops no
-- constraint, and other tables refer to this one: see store/migrate.rs.
CREATE TABLE points_next (
    id BLOB PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    point_type TEXT NOT NULL REFERENCES point_types (code) ON DELETE RESTRICT,
    lat REAL,
    lon REAL,
    radius_m INTEGER NOT NULL,
    campaigns TEXT NOT NULL,
    is_demo INTEGER NOT NULL,
    lead_unit_id BLOB NOT NULL REFERENCES units (id) ON DELETE RESTRICT,
    territorial_unit_id BLOB REFERENCES units (id) ON DELETE RESTRICT,
    area_code TEXT NOT NULL,
    address TEXT NOT NULL,
    active INTEGER NOT NULL,
    CHECK (is_demo IN (0, 1)),
    CHECK (active IN (0, 1)),
    CHECK (length(id) = 16),
    CHECK (lat BETWEEN -90 AND 90),
    CHECK (lon BETWEEN -180 AND 180),
    CHECK (radius_m > 0),
    CHECK ((lat IS NULL) = (lon IS NULL))
) STRICT;
INSERT INTO points_next
    SELECT id, code, name, point_type, lat, lon, radius_m, campaigns, is_demo, lead_unit_id, territorial_unit_id,
        area_code, address, active
    FROM points ORDER BY rowid;
DROP TABLE points;
ALTER TABLE points_next RENAME TO points;
CREATE INDEX points_by_type ON points (point_type);
CREATE INDEX points_by_lead_unit ON points (lead_unit_id);
CREATE INDEX points_by_territorial_unit ON points (territorial_unit_id);
CREATE INDEX points_by_place ON points (lat, lon);
CREATE TRIGGER issue_index_renamed AFTER UPDATE OF name ON points WHEN NEW.name <> OLD.name BEGIN
    INSERT INTO issue_index_todo (seq) SELECT seq FROM issues WHERE point_id = NEW.id;
END;
