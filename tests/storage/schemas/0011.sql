-- A database as the program wrote it when this schema was its newest: Python's sqlite3 `iterdump` of it,
-- with rows in every table.
BEGIN TRANSACTION;
CREATE TABLE album_pictures (
    chat_id INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,                   -- who posted it; may never have met the bot
    album_id TEXT NOT NULL,
    file_id TEXT NOT NULL,
    thumbnail_id TEXT,
    spoiler INTEGER NOT NULL,
    seen REAL NOT NULL,
    PRIMARY KEY (chat_id, message_id)
) STRICT, WITHOUT ROWID;
INSERT INTO "album_pictures" VALUES(-100,30,7,'pets','cat','kitten',0,1700001400.0);
CREATE TABLE bans (
    user_id INTEGER PRIMARY KEY,
    reason TEXT,
    banned REAL NOT NULL
) STRICT;
INSERT INTO "bans" VALUES(9,'Too many cats.',1700001320.0);
CREATE TABLE broadcasts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    state TEXT NOT NULL DEFAULT 'asked' CHECK (state IN ('asked', 'sending', 'sent', 'stopped')),
    user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,    -- the administrator
    language TEXT NOT NULL,
    message_id INTEGER NOT NULL,                -- what is copied
    report_message_id INTEGER,                  -- the question, which becomes the report
    people INTEGER NOT NULL,                    -- how many there were when it was asked
    reached INTEGER NOT NULL DEFAULT 0,
    missed INTEGER NOT NULL DEFAULT 0,          -- who blocked the bot, or never wrote to it in private
    last_user_id INTEGER NOT NULL DEFAULT 0,    -- people are written to in the order of their ids
    created REAL NOT NULL
, command_message_id INTEGER) STRICT;
INSERT INTO "broadcasts" VALUES(1,'sending',7,'ru',15,16,2,1,0,7,1700001380.0,NULL);
CREATE TABLE gallery_sheets (
    digest TEXT PRIMARY KEY,
    file_id TEXT NOT NULL
) STRICT;
INSERT INTO "gallery_sheets" VALUES('digest','sheet');
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
INSERT INTO "game_entries" VALUES(1,1,7,'Ann','style 8','thumbnail 8',0,32,NULL);
INSERT INTO "game_entries" VALUES(1,2,8,'Ben','style 9',NULL,1,NULL,NULL);
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
INSERT INTO "games" VALUES(1,'duel','voting','duel:-100:30',-100,5,7,'Ann','ru','photo 7','thumbnail 7',0,29,31,'poll 1',33,'[2,1]','{"photo_of": "Ben", "closes": 1700001590.0}',1700001590.0,1700001440.0,NULL);
INSERT INTO "games" VALUES(2,'guess','over','guess:-100:40',-100,5,7,'Ann','ru','photo 7','thumbnail 7',0,29,41,'poll 2',42,'[1,0,0,1]','{}',NULL,1700001440.0,1700001500.0);
INSERT INTO "games" VALUES(3,'chain','open','chain:-100:50',-100,5,8,'Ben',NULL,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,'{}',1700001560.0,1700001440.0,NULL);
CREATE TABLE group_settings (
    chat_id INTEGER PRIMARY KEY,
    games_off INTEGER NOT NULL DEFAULT FALSE,
    daily_at INTEGER,                           -- minutes after midnight of the painting of the day; NULL: none
    daily_zone TEXT,                            -- the time zone's name
    daily_thread_id INTEGER NOT NULL DEFAULT 0,
    daily_language TEXT,
    daily_last TEXT                             -- the date, there, of the last painting of the day
) STRICT;
INSERT INTO "group_settings" VALUES(-100,0,540,'Europe/Berlin',5,'ru','2023-11-14');
CREATE TABLE guesses (
    poll_id TEXT NOT NULL,
    user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,
    chat_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    is_right INTEGER NOT NULL,
    guessed REAL NOT NULL,
    PRIMARY KEY (poll_id, user_id)
) STRICT, WITHOUT ROWID;
INSERT INTO "guesses" VALUES('poll 2',7,-100,'Ann',1,1700001500.0);
CREATE TABLE inbox (
    update_id INTEGER PRIMARY KEY,
    user_id INTEGER,                            -- whose it is, if anybody's
    body TEXT NOT NULL                          -- the Bot API's JSON; gone as soon as it is answered
) STRICT;
INSERT INTO "inbox" VALUES(900,7,'{"update_id": 900}');
INSERT INTO "inbox" VALUES(901,NULL,'{"update_id": 901}');
CREATE TABLE jobs (
    -- AUTOINCREMENT: an id stays in old buttons, so it must not come back for another user's job.
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    state TEXT NOT NULL DEFAULT 'queued'
        CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
    request_key TEXT NOT NULL UNIQUE,
    chat_id INTEGER NOT NULL,
    thread_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,
    content_file_id TEXT NOT NULL,
    content_thumbnail_id TEXT,
    style_file_id TEXT NOT NULL,
    style_thumbnail_id TEXT,
    strength TEXT NOT NULL,
    keep_colours INTEGER NOT NULL,
    larger INTEGER NOT NULL,
    recipe TEXT,
    language TEXT,
    reply_to_message_id INTEGER,
    progress_message_id INTEGER,
    attempt INTEGER NOT NULL DEFAULT 0,
    error TEXT,
    result_photo_file_id TEXT,
    result_document_file_id TEXT,
    created REAL NOT NULL,
    started REAL,
    finished REAL,
    delivered REAL, more_styles TEXT NOT NULL DEFAULT '[]', refusal TEXT, worker_losses INTEGER NOT NULL DEFAULT 0, as_file_of INTEGER, painted REAL, content_spoiler INTEGER NOT NULL DEFAULT FALSE, style_spoiler INTEGER NOT NULL DEFAULT FALSE, rings INTEGER, earlier_message_id INTEGER, result_thumbnail_id TEXT, command_message_id INTEGER, game_id INTEGER, note TEXT, secret INTEGER NOT NULL DEFAULT FALSE,
    CHECK ((state = 'done') = (result_photo_file_id IS NOT NULL))
) STRICT;
INSERT INTO "jobs" VALUES(1,'done','prompt:7:1',7,0,7,'content 1','thumbnail 1','style 1',NULL,'balanced',1,1,'{"seed": 3}','ru',20,21,1,NULL,'photo 1','document 1',1700000300.0,1700000360.0,1700000420.0,1700000420.0,'[{"file_id":"more 1"}]',NULL,0,NULL,NULL,0,0,NULL,NULL,NULL,NULL,NULL,NULL,0);
INSERT INTO "jobs" VALUES(2,'failed','prompt:8:2',8,0,8,'content 2','thumbnail 2','style 2',NULL,'balanced',0,0,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1700000480.0,1700000540.0,1700000600.0,1700000660.0,'[]','too_small',0,NULL,NULL,0,0,NULL,NULL,NULL,NULL,NULL,NULL,0);
INSERT INTO "jobs" VALUES(3,'failed','prompt:8:3',8,0,8,'content 3','thumbnail 3','style 3',NULL,'balanced',0,0,NULL,NULL,NULL,NULL,1,'WorkerLost: killed',NULL,NULL,1700000720.0,1700000780.0,1700000840.0,NULL,'[]',NULL,0,NULL,NULL,0,0,NULL,NULL,NULL,NULL,NULL,NULL,0);
INSERT INTO "jobs" VALUES(4,'cancelled','prompt:8:4',8,0,8,'content 4','thumbnail 4','style 4',NULL,'balanced',0,0,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1700000900.0,1700000960.0,1700001020.0,1700001020.0,'[]',NULL,0,NULL,NULL,0,0,NULL,NULL,NULL,NULL,NULL,NULL,0);
INSERT INTO "jobs" VALUES(5,'running','prompt:8:5',8,0,8,'content 5','thumbnail 5','style 5',NULL,'balanced',0,0,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1700001080.0,1700001140.0,NULL,NULL,'[]',NULL,0,NULL,NULL,0,0,NULL,NULL,NULL,NULL,NULL,NULL,0);
INSERT INTO "jobs" VALUES(6,'queued','prompt:7:6',7,0,7,'content 6','thumbnail 6','style 6',NULL,'balanced',0,0,'{"mix":[2,1]}',NULL,NULL,22,0,'WorkerLost: killed',NULL,NULL,1700001200.0,NULL,NULL,NULL,'[]',NULL,1,1,NULL,0,0,NULL,NULL,NULL,NULL,NULL,NULL,0);
INSERT INTO "jobs" VALUES(7,'queued','prompt:8:7',8,0,8,'content 7','thumbnail 7','style 7',NULL,'balanced',0,0,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL,1700001260.0,NULL,NULL,NULL,'[]',NULL,0,1,NULL,0,0,NULL,NULL,NULL,NULL,NULL,NULL,0);
CREATE TABLE last_photos (
    chat_id INTEGER NOT NULL,
    thread_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,                   -- who posted it; may never have met the bot
    file_id TEXT NOT NULL, thumbnail_id TEXT, message_id INTEGER, spoiler INTEGER NOT NULL DEFAULT FALSE, seen REAL NOT NULL DEFAULT 0,
    PRIMARY KEY (chat_id, thread_id)
) STRICT, WITHOUT ROWID;
INSERT INTO "last_photos" VALUES(-100,5,7,'last photo',NULL,NULL,0,1700001400.0);
CREATE TABLE moved_chats (
    chat_id INTEGER PRIMARY KEY,                -- the supergroup's
    earlier_id INTEGER NOT NULL                 -- the group's
) STRICT;
INSERT INTO "moved_chats" VALUES(-100,-1);
CREATE TABLE sessions (
    chat_id INTEGER NOT NULL,
    thread_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,
    content_file_id TEXT,
    content_thumbnail_id TEXT,                  -- a file id, too
    content_message_id INTEGER,
    style_file_id TEXT,
    style_thumbnail_id TEXT,
    style_message_id INTEGER,
    album_id TEXT,
    strength TEXT,
    keep_colours INTEGER NOT NULL,
    larger INTEGER NOT NULL,
    prompt_message_id INTEGER,
    updated REAL NOT NULL, content_spoiler INTEGER NOT NULL DEFAULT FALSE, style_spoiler INTEGER NOT NULL DEFAULT FALSE, question_message_id INTEGER, question_due INTEGER NOT NULL DEFAULT FALSE, changed_by INTEGER, language TEXT, more_styles TEXT NOT NULL DEFAULT '[]', adding INTEGER NOT NULL DEFAULT FALSE, album_adds INTEGER NOT NULL DEFAULT FALSE, left_out INTEGER NOT NULL DEFAULT FALSE, command_message_id INTEGER,
    PRIMARY KEY (chat_id, thread_id, user_id)
) STRICT, WITHOUT ROWID;
INSERT INTO "sessions" VALUES(-100,5,7,'cat','kitten',11,'degas','sketch',12,'13','light',1,1,14,1700000180.0,0,0,NULL,0,NULL,NULL,'[]',0,0,0,NULL);
INSERT INTO "sessions" VALUES(8,0,8,'dog',NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,0,NULL,1700000240.0,0,0,NULL,0,NULL,NULL,'[]',0,0,0,NULL);
CREATE TABLE turns (
    whose INTEGER PRIMARY KEY,                  -- a user's id, or 0 for all games
    served INTEGER NOT NULL DEFAULT 0,          -- grows with each job taken; 0: never, or given back
    head INTEGER                                -- the oldest waiting job, NULL: none waits
) STRICT;
INSERT INTO "turns" VALUES(7,1,6);
INSERT INTO "turns" VALUES(8,5,7);
CREATE TABLE users (
    id INTEGER PRIMARY KEY,
    language TEXT,                              -- NULL: as the user's Telegram is set
    strength TEXT NOT NULL DEFAULT 'balanced',
    larger INTEGER NOT NULL DEFAULT FALSE,
    keep_colours INTEGER NOT NULL DEFAULT FALSE,
    created REAL NOT NULL
, always_usual INTEGER NOT NULL DEFAULT FALSE, told_of_always INTEGER NOT NULL DEFAULT FALSE) STRICT;
INSERT INTO "users" VALUES(7,'ru','wild',1,1,1700000060.0,0,0);
INSERT INTO "users" VALUES(8,NULL,'balanced',0,0,1700000120.0,0,0);
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX last_photos_by_user ON last_photos (user_id);
CREATE INDEX jobs_by_state ON jobs (state);
CREATE INDEX jobs_by_user ON jobs (user_id, state);
CREATE INDEX jobs_by_chat ON jobs (chat_id, state, thread_id, finished);
CREATE INDEX jobs_by_creation ON jobs (created);
CREATE INDEX jobs_by_end ON jobs (finished) WHERE finished IS NOT NULL;
CREATE INDEX jobs_called_off ON jobs (id) WHERE state = 'cancelled' AND delivered IS NULL;
CREATE INDEX sessions_by_question ON sessions (chat_id, question_message_id);
CREATE INDEX sessions_due ON sessions (updated) WHERE question_due;
CREATE INDEX album_pictures_by_user ON album_pictures (user_id);
CREATE INDEX jobs_with_earlier_message ON jobs (id) WHERE earlier_message_id IS NOT NULL;
CREATE UNIQUE INDEX games_under_way ON games (chat_id, thread_id, kind) WHERE state <> 'over';
CREATE INDEX games_due ON games (due) WHERE due IS NOT NULL;
CREATE INDEX games_by_poll ON games (poll_id) WHERE poll_id IS NOT NULL;
CREATE INDEX games_by_user ON games (user_id);
CREATE INDEX games_by_end ON games (ended) WHERE ended IS NOT NULL;
CREATE INDEX game_entries_by_user ON game_entries (user_id);
CREATE INDEX guesses_by_chat ON guesses (chat_id, user_id);
CREATE INDEX guesses_by_user ON guesses (user_id);
CREATE INDEX jobs_by_game ON jobs (game_id) WHERE game_id IS NOT NULL;
CREATE TRIGGER game_over AFTER UPDATE OF state ON games WHEN new.state = 'over'
BEGIN
    UPDATE jobs SET secret = FALSE WHERE game_id = new.id;
END;
CREATE INDEX jobs_in_line ON jobs (iif(game_id IS NULL, user_id, 0), id) WHERE state = 'queued';
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
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('jobs',7);
INSERT INTO "sqlite_sequence" VALUES('broadcasts',1);
INSERT INTO "sqlite_sequence" VALUES('games',3);
COMMIT;PRAGMA user_version = 11;
