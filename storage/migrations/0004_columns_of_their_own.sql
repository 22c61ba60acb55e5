-- One spelling.
ALTER TABLE users RENAME COLUMN keep_colors TO keep_colours;
ALTER TABLE sessions RENAME COLUMN keep_colors TO keep_colours;
ALTER TABLE jobs RENAME COLUMN keep_colors TO keep_colours;

-- What `error` said besides the last error: why the pictures cannot be taken, and that a worker was lost.
ALTER TABLE jobs ADD COLUMN refusal TEXT;       -- of a failed job; a reason's name
ALTER TABLE jobs ADD COLUMN worker_losses INTEGER NOT NULL DEFAULT 0;
UPDATE jobs SET refusal = substr(error, 10), error = NULL WHERE error LIKE 'picture: %';
UPDATE jobs SET worker_losses = 1 WHERE state IN ('queued', 'running') AND error IS NOT NULL;

-- What `recipe` carried besides a recipe: the job whose result is painted again, to be sent as a file.
ALTER TABLE jobs ADD COLUMN as_file_of INTEGER;
UPDATE jobs SET as_file_of = recipe ->> '$.as_file_of',
    recipe = nullif(json_remove(recipe, '$.as_file_of'), '{}')
WHERE json_valid(recipe) AND recipe ->> '$.as_file_of' IS NOT NULL;
