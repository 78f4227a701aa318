DROP TABLE long_job_pieces;
DROP TABLE long_jobs;
