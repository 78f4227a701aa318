-- What somebody drew on a photo 标注: JSON, as the API takes it; NULL where nothing is drawn.
ALTER TABLE issue_photos ADD COLUMN marks TEXT;
