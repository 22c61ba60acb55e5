-- What groups play. A game is a row from its beginning on; what is to happen next is in its state.
CREATE TABLE games (
    -- AUTOINCREMENT: an id stays in old buttons.
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,                         -- duel, chain, guess or daily
    state TEXT NOT NULL,                        -- in the words of its kind; 'over' at last
    request_key TEXT NOT NULL UNIQUE,           -- the same for the same command, however often it comes
    chat_id INTEGER NOT NULL,
    thread_id INTEGER NOT NULL,
    user_id INTEGER REFERENCES users ON DELETE CASCADE,     -- who began it; NULL: the bot itself
    name TEXT NOT NULL,                         -- what they are called
    language TEXT,
    content_file_id TEXT,                       -- the photo that it is about
    content_thumbnail_id TEXT,
    content_spoiler INTEGER NOT NULL DEFAULT FALSE,
    content_message_id INTEGER,
    message_id INTEGER,                         -- which shows the game
    poll_id TEXT,
    poll_message_id INTEGER,
    votes TEXT,                                 -- for each of the poll's options, as a JSON list
    details TEXT NOT NULL DEFAULT '{}',         -- a JSON object of what only its kind knows
    due REAL,                                   -- when it goes on by itself; NULL: when somebody does something
    created REAL NOT NULL,
    ended REAL
) STRICT;

CREATE UNIQUE INDEX games_under_way ON games (chat_id, thread_id, kind) WHERE state <> 'over';
CREATE INDEX games_due ON games (due) WHERE due IS NOT NULL;
CREATE INDEX games_by_poll ON games (poll_id) WHERE poll_id IS NOT NULL;
CREATE INDEX games_by_user ON games (user_id);
CREATE INDEX games_by_end ON games (ended) WHERE ended IS NOT NULL;

-- What somebody brings to a game: a style for a duel, a link of a chain, a photo of the day.
CREATE TABLE game_entries (
    game_id INTEGER NOT NULL REFERENCES games ON DELETE CASCADE,
    number INTEGER NOT NULL,                    -- from 1 on; with gaps where people were forgotten
    user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,
    name TEXT NOT NULL,                         -- what they are called
    file_id TEXT NOT NULL,                      -- the picture
    thumbnail_id TEXT,
    spoiler INTEGER NOT NULL DEFAULT FALSE,
    message_id INTEGER,                         -- which brought it
    job_id INTEGER,                             -- which paints it, if one does
    PRIMARY KEY (game_id, number)
) STRICT, WITHOUT ROWID;

CREATE INDEX game_entries_by_user ON game_entries (user_id);

-- Who guessed, and whether they were right: one guess for each poll and person.
CREATE TABLE guesses (
    poll_id TEXT NOT NULL,
    user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,
    chat_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    is_right INTEGER NOT NULL,
    guessed REAL NOT NULL,
    PRIMARY KEY (poll_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX guesses_by_chat ON guesses (chat_id, user_id);
CREATE INDEX guesses_by_user ON guesses (user_id);

-- What a group's administrators have chosen for it.
CREATE TABLE group_settings (
    chat_id INTEGER PRIMARY KEY,
    games_off INTEGER NOT NULL DEFAULT FALSE,
    daily_at INTEGER,                           -- minutes after midnight of the painting of the day; NULL: none
    daily_zone TEXT,                            -- the time zone's name
    daily_thread_id INTEGER NOT NULL DEFAULT 0,
    daily_language TEXT,
    daily_last TEXT                             -- the date, there, of the last painting of the day
) STRICT;

ALTER TABLE jobs ADD COLUMN game_id INTEGER;                        -- whose result this is a part of
ALTER TABLE jobs ADD COLUMN note TEXT;                              -- HTML, what its result says first
ALTER TABLE jobs ADD COLUMN secret INTEGER NOT NULL DEFAULT FALSE;  -- whether the style is not to be named

CREATE INDEX jobs_by_game ON jobs (game_id) WHERE game_id IS NOT NULL;

CREATE TRIGGER game_over AFTER UPDATE OF state ON games WHEN new.state = 'over'
BEGIN
    UPDATE jobs SET secret = FALSE WHERE game_id = new.id;
END;

-- All games together have one turn, as if they were one more person: they crowd nobody out.
CREATE INDEX jobs_in_line ON jobs (iif(game_id IS NULL, user_id, 0), id) WHERE state = 'queued';

DROP TRIGGER job_added;
DROP TRIGGER job_left_the_queue;
DROP TRIGGER job_taken;
DROP TRIGGER job_put_back;
DROP TRIGGER job_deleted;
ALTER TABLE turns RENAME TO turns_before;
DROP INDEX turns_waiting;
DROP INDEX turns_served;

CREATE TABLE turns (
    whose INTEGER PRIMARY KEY,                  -- a user's id, or 0 for all games
    served INTEGER NOT NULL DEFAULT 0,          -- grows with each job taken; 0: never, or given back
    head INTEGER                                -- the oldest waiting job, NULL: none waits
) STRICT;

INSERT INTO turns (whose, served, head) SELECT user_id, served, head FROM turns_before;
DROP TABLE turns_before;

CREATE INDEX turns_waiting ON turns (served, head) WHERE head IS NOT NULL;
CREATE INDEX turns_served ON turns (served);

CREATE TRIGGER job_added AFTER INSERT ON jobs WHEN new.state = 'queued'
BEGIN
    INSERT INTO turns (whose, head) VALUES (iif(new.game_id IS NULL, new.user_id, 0), new.id)
    ON CONFLICT (whose) DO UPDATE SET head = coalesce(head, excluded.head);
END;

CREATE TRIGGER job_left_the_queue AFTER UPDATE OF state ON jobs
WHEN old.state = 'queued' AND new.state <> 'queued'
BEGIN
    UPDATE turns
    SET head = (SELECT min(id) FROM jobs
        WHERE iif(game_id IS NULL, user_id, 0) = iif(new.game_id IS NULL, new.user_id, 0) AND state = 'queued'
    )
    WHERE whose = iif(new.game_id IS NULL, new.user_id, 0);
END;

CREATE TRIGGER job_taken AFTER UPDATE OF state ON jobs
WHEN old.state = 'queued' AND new.state = 'running'
BEGIN
    UPDATE turns SET served = (SELECT max(served) + 1 FROM turns)
    WHERE whose = iif(new.game_id IS NULL, new.user_id, 0);
END;

CREATE TRIGGER job_put_back AFTER UPDATE OF state ON jobs
WHEN old.state <> 'queued' AND new.state = 'queued'
BEGIN
    UPDATE turns SET served = 0, head = min(coalesce(head, new.id), new.id)
    WHERE whose = iif(new.game_id IS NULL, new.user_id, 0);
END;

CREATE TRIGGER job_deleted AFTER DELETE ON jobs WHEN old.state = 'queued'
BEGIN
    UPDATE turns
    SET head = (SELECT min(id) FROM jobs
        WHERE iif(game_id IS NULL, user_id, 0) = iif(old.game_id IS NULL, old.user_id, 0) AND state = 'queued'
    )
    WHERE whose = iif(old.game_id IS NULL, old.user_id, 0);
END;

CREATE TRIGGER turn_lost AFTER DELETE ON users
BEGIN
    DELETE FROM turns WHERE whose = old.id;
END;
