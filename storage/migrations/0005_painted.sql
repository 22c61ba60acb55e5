-- What dies while it is delivered did not die of being painted.
ALTER TABLE jobs ADD COLUMN painted REAL;       -- when the last attempt had only its delivery left
