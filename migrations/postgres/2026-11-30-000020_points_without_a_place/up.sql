-- A point may be known by its address before anybody has stood there: both degrees are NULL then.
ALTER TABLE points ALTER COLUMN lat DROP NOT NULL;
ALTER TABLE points ALTER COLUMN lon DROP NOT NULL;
ALTER TABLE points ADD CONSTRAINT points_place_check CHECK ((lat IS NULL) = (lon IS NULL));
