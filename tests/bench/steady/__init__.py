"""How steady the bot is under kills, outages, floods, nonsense, hostile files and crowds.

    python -m tests.bench.steady                    all of it, an hour and a half on two cores
    python -m tests.bench.steady kills flood        some of it
    python -m tests.bench.steady.kills --kills 20 --seed 3

| module | what is done to the bot |
| --- | --- |
| `kills` | it, its worker and its decoders are killed, while people use it and requests fail |
| `outage` | nothing that it sends is taken for a while |
| `flood` | one chat may not be written to for a while, one person sends a burst |
| `malformed` | answers and updates that make no sense |
| `mutations` | damaged and hostile picture files, given to its decoder |
| `crowd` | many people at once, and many minutes |

Each prints its figures with what they have to reach, and exits with 1 where one does not. Everything stays on
loopback: the bot is `stylegram run` in a process of its own (`bot_process`), which a stand-in paints for;
Telegram is the emulator, in the process that measures. Where that one's event loop may be what is slow, how
late it was is among the figures.
"""
