-- The polls of a game. What is not acknowledged is sent again, so a game may have its poll twice: votes in either
-- count.
CREATE TABLE game_polls (
    poll_id TEXT PRIMARY KEY,
    game_id INTEGER NOT NULL REFERENCES games ON DELETE CASCADE,
    votes TEXT NOT NULL DEFAULT '[]'            -- for each of the poll's options, as a JSON list
) STRICT, WITHOUT ROWID;

CREATE INDEX game_polls_by_game ON game_polls (game_id);

INSERT INTO game_polls SELECT poll_id, id, coalesce(votes, '[]') FROM games WHERE poll_id IS NOT NULL;

DROP INDEX games_by_poll;
ALTER TABLE games DROP COLUMN votes;

CREATE TRIGGER game_asks AFTER UPDATE OF poll_id ON games WHEN new.poll_id IS NOT NULL
BEGIN
    INSERT INTO game_polls (poll_id, game_id) VALUES (new.poll_id, new.id)
    ON CONFLICT (poll_id) DO UPDATE SET game_id = excluded.game_id;
END;

-- What is still to be said of a game that is over, as HTML.
ALTER TABLE games ADD COLUMN last_word TEXT;
