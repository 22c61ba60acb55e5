"""What the bot says: languages, phrases, keyboards and the menus of commands.

Words in, words out: nothing here sends, stores or paints.
"""
