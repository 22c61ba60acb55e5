-- A request may have several styles, as a job may. The first stays in style_file_id and what goes with it.
ALTER TABLE sessions ADD COLUMN more_styles TEXT NOT NULL DEFAULT '[]';     -- a JSON list of objects, in their order
ALTER TABLE sessions ADD COLUMN adding INTEGER NOT NULL DEFAULT FALSE;      -- the next picture is one more style
ALTER TABLE sessions ADD COLUMN album_adds INTEGER NOT NULL DEFAULT FALSE;  -- those of the album are styles, all of them
ALTER TABLE sessions ADD COLUMN left_out INTEGER NOT NULL DEFAULT FALSE;    -- the album had more than there can be

-- Of all styles their thumbnails are known, and whether they are covered.
ALTER TABLE jobs RENAME COLUMN more_style_file_ids TO more_styles;
UPDATE jobs SET more_styles = (SELECT json_group_array(json_object('file_id', value)) FROM json_each(more_styles))
WHERE more_styles <> '[]';

-- The gallery's sheets that Telegram has, by what is on them.
CREATE TABLE gallery_sheets (
    digest TEXT PRIMARY KEY,
    file_id TEXT NOT NULL
) STRICT;
