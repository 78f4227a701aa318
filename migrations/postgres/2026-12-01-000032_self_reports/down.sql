DROP TABLE own_look_backs;
DROP TABLE self_report_photos;
DROP TABLE self_reports;
