"""Build inline keyboards, a module for each place of buttons.

Whose a button is stands in its data (`taps`): the owner's user id, the id of a job, whose user owns it, or
that of a game, in which it is everybody's.
"""
