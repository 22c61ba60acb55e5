-- A result that was waited for comes in a new message, which rings; the one that showed the progress goes then.
ALTER TABLE jobs ADD COLUMN rings INTEGER;                  -- whether it does; NULL until there is a result
ALTER TABLE jobs ADD COLUMN earlier_message_id INTEGER;     -- the message still to be deleted
CREATE INDEX jobs_with_earlier_message ON jobs (id) WHERE earlier_message_id IS NOT NULL;

-- The result in a small size, for the sheet of /history.
ALTER TABLE jobs ADD COLUMN result_thumbnail_id TEXT;
