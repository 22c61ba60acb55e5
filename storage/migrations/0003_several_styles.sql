-- A job may have several styles. The first stays in style_file_id; their weights are part of the recipe.
ALTER TABLE jobs ADD COLUMN more_style_file_ids TEXT NOT NULL DEFAULT '[]'; -- a JSON list, in their order
