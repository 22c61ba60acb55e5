-- A photo that was sent under a spoiler stays under one.
ALTER TABLE sessions ADD COLUMN content_spoiler INTEGER NOT NULL DEFAULT FALSE;
ALTER TABLE sessions ADD COLUMN style_spoiler INTEGER NOT NULL DEFAULT FALSE;
ALTER TABLE jobs ADD COLUMN content_spoiler INTEGER NOT NULL DEFAULT FALSE;
ALTER TABLE jobs ADD COLUMN style_spoiler INTEGER NOT NULL DEFAULT FALSE;

-- What a conversation goes on with after a restart.
ALTER TABLE sessions ADD COLUMN question_message_id INTEGER;    -- in a group, the message that asks for a picture
ALTER TABLE sessions ADD COLUMN question_due INTEGER NOT NULL DEFAULT FALSE; -- what is missing is still to be asked
ALTER TABLE sessions ADD COLUMN changed_by INTEGER;             -- the message whose command changed it last
ALTER TABLE sessions ADD COLUMN language TEXT;                  -- in which it was begun
CREATE INDEX sessions_by_question ON sessions (chat_id, question_message_id);
CREATE INDEX sessions_due ON sessions (updated) WHERE question_due;

-- The last photo of a chat is kept no longer than a session.
ALTER TABLE last_photos ADD COLUMN thumbnail_id TEXT;           -- a file id, too
ALTER TABLE last_photos ADD COLUMN message_id INTEGER;
ALTER TABLE last_photos ADD COLUMN spoiler INTEGER NOT NULL DEFAULT FALSE;
ALTER TABLE last_photos ADD COLUMN seen REAL NOT NULL DEFAULT 0;
UPDATE last_photos SET seen = unixepoch();

-- An album's pictures come one by one, and the command that is about them may come with any. Kept for minutes.
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

CREATE INDEX album_pictures_by_user ON album_pictures (user_id);

-- Groups that became supergroups: who listed the old id means the new one too.
CREATE TABLE moved_chats (
    chat_id INTEGER PRIMARY KEY,                -- the supergroup's
    earlier_id INTEGER NOT NULL                 -- the group's
) STRICT;

-- A message to everybody is known by the command that asked for it, so that no two come of one.
ALTER TABLE broadcasts ADD COLUMN command_message_id INTEGER;
