"""Play with a group: duels of styles, chains of paintings, guessing painters, a painting of the day.

A game is a row of the database and a set of rules. Rules are told what happens, and write down what comes of
it before they say it; so a game goes on wherever the bot was killed. Everything that is not an answer to
somebody is done by the clock, one step of a game at a time.

Who calls whom:

    a command, a reply, a tap        handlers → commands, hear, tapped of the Rules
    a vote                           poll_updates → Rules.voted
    a poll that has closed           poll_updates → the clock
    the time, a job that has ended   the clock (bot/studio/game_clock.py) → steps.take_step → Rules.go_on
    the hour of a group              daily_clock, which begins a painting of the day
    /games off                       games_command → Rules.call_off

Whoever answers somebody notes in the row what was decided, and has the clock look at the game (`look_at`).
The step that follows reads the game's state, says and shows what is next, and brings it to another state.

What all games share:

    rules, rulebook    what rules have to answer, and whose rules there are
    table              what rules play with: the chat, the bot's voice, the services
    details            what each kind of game keeps beside the columns that all have
    steps              one step of a game, and the end of one that cannot go on
    handlers           which game a command, a reply or a tap is for
    poll_updates       which game a vote is for, and what Telegram tells of polls
    poll_counts        how long a poll is open, and how many votes it has in the end
    one_message        a picture that comes in one message, whatever dies
    switch             whether games are played here, and who may decide that
    games_command      /games

And each for itself:

    duel               /duel, and who brings which style
    duel_entries       the message that lists the styles, from the first one to the last
    duel_course        the small paintings, the vote, and the winner
    guess, top         /guess, and /top, who guesses best
    guess_course       the painting, the quiz about it, and the answer
    quiz               which painting it is, and what else it might be
    chain              /chain, and which picture is the latest
    chain_adding       one link more
    chain_steps        a link that is there, or came to nothing; the whole way, at the end
    chain_links        how far a chain is, and what pictures it leads over
    daily              the painting of the day, and the pictures that reply to it
    daily_setting      /daily, and at which hour
    daily_clock        when the next one begins
    daily_evening      all of a day's pictures together
"""
