DROP TABLE visit_photos;
DROP TABLE visit_results;
DROP TABLE visits;
