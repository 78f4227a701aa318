ALTER TABLE items DROP COLUMN photo_required_since;
