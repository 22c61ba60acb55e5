-- Who is shut out. No reference to users: a ban outlives what is forgotten, and may come before the first word.
CREATE TABLE bans (
    user_id INTEGER PRIMARY KEY,
    reason TEXT,
    banned REAL NOT NULL
) STRICT;

-- Messages to everybody. What is said stays at Telegram, in the administrator's own chat, and is copied from there.
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

-- For the figures of a day, and for the sweep.
CREATE INDEX jobs_by_creation ON jobs (created);
CREATE INDEX jobs_by_end ON jobs (finished) WHERE finished IS NOT NULL;

-- From now on the users of cancelled jobs are owed a word, as those of failed ones are: whoever cancels
-- may be another process than the one that shows the job. Those before were told, or never will be.
UPDATE jobs SET delivered = finished WHERE state = 'cancelled';
CREATE INDEX jobs_called_off ON jobs (id) WHERE state = 'cancelled' AND delivered IS NULL;
