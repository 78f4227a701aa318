DROP TABLE repeats;
DROP TABLE repeat_draws;
DROP TABLE leader_notes;
