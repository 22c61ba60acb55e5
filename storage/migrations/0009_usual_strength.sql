-- Who always wants their usual strength is not asked for one.
ALTER TABLE users ADD COLUMN always_usual INTEGER NOT NULL DEFAULT FALSE;
ALTER TABLE users ADD COLUMN told_of_always INTEGER NOT NULL DEFAULT FALSE; -- where to change that, once it first was so
