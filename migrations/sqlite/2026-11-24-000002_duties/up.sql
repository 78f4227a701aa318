-- Who answers for what where 责任分工. `place` and `subject` name a row whatever its kind is:
-- a point's code, an area code or '' for the whole county; an item's code or a category's.
CREATE TABLE duties (
    id BLOB PRIMARY KEY,
    place TEXT NOT NULL,
    subject TEXT NOT NULL,
    point_id BLOB REFERENCES points (id) ON DELETE CASCADE,
    item_code TEXT REFERENCES items (code) ON DELETE CASCADE,
    category TEXT REFERENCES campaigns (code) ON DELETE CASCADE,
    role TEXT NOT NULL,
    unit_id BLOB NOT NULL REFERENCES units (id) ON DELETE RESTRICT,
    valid_from TEXT NOT NULL,
    valid_to TEXT NOT NULL,
    UNIQUE (place, subject, role, unit_id, valid_from),
    CHECK (length(id) = 16),
    CHECK (role IN ('lead', 'co', 'territorial', 'frontage')),
    CHECK ((item_code IS NULL) <> (category IS NULL)),
    CHECK (valid_to = '' OR valid_from <= valid_to)
) STRICT;
CREATE INDEX duties_by_point ON duties (point_id);
CREATE INDEX duties_by_item ON duties (item_code);
CREATE INDEX duties_by_category ON duties (category);
CREATE INDEX duties_by_unit ON duties (unit_id);
-- One lead takes over from another on a day, never two on the same.
CREATE UNIQUE INDEX duties_one_lead ON duties (place, subject, valid_from) WHERE role = 'lead';
