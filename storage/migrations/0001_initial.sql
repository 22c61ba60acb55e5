-- Times are Unix seconds. Ids of chats, users, messages and files are Telegram's own;
-- thread_id is 0 outside forum topics. Pictures are not stored: Telegram keeps them by file id.

CREATE TABLE users (
    id INTEGER PRIMARY KEY,
    language TEXT,                              -- NULL: as the user's Telegram is set
    strength TEXT NOT NULL DEFAULT 'balanced',
    larger INTEGER NOT NULL DEFAULT FALSE,
    keep_colors INTEGER NOT NULL DEFAULT FALSE,
    created REAL NOT NULL
) STRICT;

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
    keep_colors INTEGER NOT NULL,
    larger INTEGER NOT NULL,
    prompt_message_id INTEGER,
    updated REAL NOT NULL,
    PRIMARY KEY (chat_id, thread_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_by_user ON sessions (user_id);

CREATE TABLE last_photos (
    chat_id INTEGER NOT NULL,
    thread_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,                   -- who posted it; may never have met the bot
    file_id TEXT NOT NULL,
    PRIMARY KEY (chat_id, thread_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX last_photos_by_user ON last_photos (user_id);

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
    keep_colors INTEGER NOT NULL,
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
    delivered REAL,
    CHECK ((state = 'done') = (result_photo_file_id IS NOT NULL))
) STRICT;

CREATE INDEX jobs_by_state ON jobs (state);
CREATE INDEX jobs_by_user ON jobs (user_id, state);
CREATE INDEX jobs_by_chat ON jobs (chat_id, state, thread_id, finished);

-- Whose turn it is: one row for each user who ever had a job. The triggers below alone write it,
-- so that no path through the program can leave it behind the jobs, and taking the next job is a
-- look at the first entry of an index however many jobs or users wait.
CREATE TABLE turns (
    user_id INTEGER PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    served INTEGER NOT NULL DEFAULT 0,          -- grows with each job taken; 0: never, or given back
    head INTEGER                                -- the user's oldest waiting job, NULL: none waits
) STRICT;

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

-- What Telegram has told the bot and the bot has not answered yet. Telegram tells it only once.
CREATE TABLE inbox (
    update_id INTEGER PRIMARY KEY,
    user_id INTEGER,                            -- whose it is, if anybody's
    body TEXT NOT NULL                          -- the Bot API's JSON; gone as soon as it is answered
) STRICT;
