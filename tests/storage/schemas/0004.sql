-- A database as the program wrote it when this schema was its newest: Python's sqlite3 `iterdump` of it,
-- with rows in every table.
BEGIN TRANSACTION;
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
) STRICT;
INSERT INTO "broadcasts" VALUES(1,'sending',7,'ru',15,16,2,1,0,7,1700001380.0);
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
    delivered REAL, more_style_file_ids TEXT NOT NULL DEFAULT '[]', refusal TEXT, worker_losses INTEGER NOT NULL DEFAULT 0, as_file_of INTEGER,
    CHECK ((state = 'done') = (result_photo_file_id IS NOT NULL))
) STRICT;
INSERT INTO "jobs" VALUES(1,'done','prompt:7:1',7,0,7,'content 1','thumbnail 1','style 1',NULL,'balanced',1,1,'{"seed": 3}','ru',20,21,1,NULL,'photo 1','document 1',1700000300.0,1700000360.0,1700000420.0,1700000420.0,'["more 1"]',NULL,0,NULL);
INSERT INTO "jobs" VALUES(2,'failed','prompt:8:2',8,0,8,'content 2','thumbnail 2','style 2',NULL,'balanced',0,0,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1700000480.0,1700000540.0,1700000600.0,1700000660.0,'[]','too_small',0,NULL);
INSERT INTO "jobs" VALUES(3,'failed','prompt:8:3',8,0,8,'content 3','thumbnail 3','style 3',NULL,'balanced',0,0,NULL,NULL,NULL,NULL,1,'WorkerLost: killed',NULL,NULL,1700000720.0,1700000780.0,1700000840.0,NULL,'[]',NULL,0,NULL);
INSERT INTO "jobs" VALUES(4,'cancelled','prompt:8:4',8,0,8,'content 4','thumbnail 4','style 4',NULL,'balanced',0,0,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1700000900.0,1700000960.0,1700001020.0,1700001020.0,'[]',NULL,0,NULL);
INSERT INTO "jobs" VALUES(5,'running','prompt:8:5',8,0,8,'content 5','thumbnail 5','style 5',NULL,'balanced',0,0,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1700001080.0,1700001140.0,NULL,NULL,'[]',NULL,0,NULL);
INSERT INTO "jobs" VALUES(6,'queued','prompt:7:6',7,0,7,'content 6','thumbnail 6','style 6',NULL,'balanced',0,0,'{"mix":[2,1]}',NULL,NULL,22,0,'WorkerLost: killed',NULL,NULL,1700001200.0,NULL,NULL,NULL,'[]',NULL,1,1);
INSERT INTO "jobs" VALUES(7,'queued','prompt:8:7',8,0,8,'content 7','thumbnail 7','style 7',NULL,'balanced',0,0,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL,1700001260.0,NULL,NULL,NULL,'[]',NULL,0,1);
CREATE TABLE last_photos (
    chat_id INTEGER NOT NULL,
    thread_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,                   -- who posted it; may never have met the bot
    file_id TEXT NOT NULL,
    PRIMARY KEY (chat_id, thread_id)
) STRICT, WITHOUT ROWID;
INSERT INTO "last_photos" VALUES(-100,5,7,'last photo');
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
    updated REAL NOT NULL,
    PRIMARY KEY (chat_id, thread_id, user_id)
) STRICT, WITHOUT ROWID;
INSERT INTO "sessions" VALUES(-100,5,7,'cat','kitten',11,'degas','sketch',12,'13','light',1,1,14,1700000180.0);
INSERT INTO "sessions" VALUES(8,0,8,'dog',NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,0,NULL,1700000240.0);
CREATE TABLE turns (
    user_id INTEGER PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    served INTEGER NOT NULL DEFAULT 0,          -- grows with each job taken; 0: never, or given back
    head INTEGER                                -- the user's oldest waiting job, NULL: none waits
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
) STRICT;
INSERT INTO "users" VALUES(7,'ru','wild',1,1,1700000060.0);
INSERT INTO "users" VALUES(8,NULL,'balanced',0,0,1700000120.0);
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX last_photos_by_user ON last_photos (user_id);
CREATE INDEX jobs_by_state ON jobs (state);
CREATE INDEX jobs_by_user ON jobs (user_id, state);
CREATE INDEX jobs_by_chat ON jobs (chat_id, state, thread_id, finished);
CREATE INDEX turns_waiting ON turns (served, head) WHERE head IS NOT NULL;
CREATE INDEX turns_served ON turns (served);
CREATE TRIGGER job_added AFTER INSERT ON jobs WHEN new.state = 'queued'
BEGIN
    INSERT INTO turns (user_id, head) VALUES (new.user_id, new.id)
    ON CONFLICT (user_id) DO UPDATE SET head = coalesce(head, excluded.head);
END;
CREATE TRIGGER job_left_the_queue AFTER UPDATE OF state ON jobs
WHEN old.state = 'queued' AND new.state <> 'queued'
BEGIN
    UPDATE turns
    SET head = (SELECT min(id) FROM jobs WHERE user_id = new.user_id AND state = 'queued')
    WHERE user_id = new.user_id;
END;
CREATE TRIGGER job_taken AFTER UPDATE OF state ON jobs
WHEN old.state = 'queued' AND new.state = 'running'
BEGIN
    UPDATE turns SET served = (SELECT max(served) + 1 FROM turns) WHERE user_id = new.user_id;
END;
CREATE TRIGGER job_put_back AFTER UPDATE OF state ON jobs
WHEN old.state <> 'queued' AND new.state = 'queued'
BEGIN
    UPDATE turns SET served = 0, head = min(coalesce(head, new.id), new.id)
    WHERE user_id = new.user_id;
END;
CREATE TRIGGER job_deleted AFTER DELETE ON jobs WHEN old.state = 'queued'
BEGIN
    UPDATE turns
    SET head = (SELECT min(id) FROM jobs WHERE user_id = old.user_id AND state = 'queued')
    WHERE user_id = old.user_id;
END;
CREATE INDEX jobs_by_creation ON jobs (created);
CREATE INDEX jobs_by_end ON jobs (finished) WHERE finished IS NOT NULL;
CREATE INDEX jobs_called_off ON jobs (id) WHERE state = 'cancelled' AND delivered IS NULL;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('jobs',7);
INSERT INTO "sqlite_sequence" VALUES('broadcasts',1);
COMMIT;
PRAGMA user_version = 4;
