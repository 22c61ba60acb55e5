-- In a group, the command that a request began with: it gets a reaction once the painting has begun, and is done.
ALTER TABLE sessions ADD COLUMN command_message_id INTEGER;
ALTER TABLE jobs ADD COLUMN command_message_id INTEGER;
