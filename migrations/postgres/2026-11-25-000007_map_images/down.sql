DROP TABLE map_images;
