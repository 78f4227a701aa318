DROP TABLE unlisted_places;
