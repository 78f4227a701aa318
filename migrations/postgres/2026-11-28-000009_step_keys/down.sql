-- The way back.
DROP TABLE step_keys;
