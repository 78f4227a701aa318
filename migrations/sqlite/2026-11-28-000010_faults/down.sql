-- The way back.
ALTER TABLE items DROP COLUMN fault_zh;
