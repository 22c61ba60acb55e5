-- The tap that says how strong starts the job, so a request under way has no strength.
ALTER TABLE sessions DROP COLUMN strength;
