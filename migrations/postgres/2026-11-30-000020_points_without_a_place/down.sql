-- The way back. The schema before knows no point without a place: such a one gets 0° north, 0° east, where no county is.
ALTER TABLE points DROP CONSTRAINT points_place_check;
UPDATE points SET lat = COALESCE(lat, 0), lon = COALESCE(lon, 0);
ALTER TABLE points ALTER COLUMN lat SET NOT NULL;
ALTER TABLE points ALTER COLUMN lon SET NOT NULL;
