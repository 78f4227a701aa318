-- Since when a visit shows the item on a photo, also where it conforms 必拍照片; NULL where it need not.
ALTER TABLE items ADD COLUMN photo_required_since INTEGER;
