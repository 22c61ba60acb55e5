"""Read what an environment variable says, without what files of options have left around it."""

from typing import Final

_AROUND: Final = "\N{BYTE ORDER MARK}\N{ZERO WIDTH SPACE}\N{WORD JOINER}"  # beyond what str.strip() takes off


def unwrapped(text: str) -> str:
    """Take white space, a byte order mark and pairs of quotation marks off both ends of a text.

    A file that Windows has written leaves such things, and Docker's --env-file keeps quotation marks.
    """
    while True:
        before = text
        text = text.strip().strip(_AROUND)
        if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
            text = text[1:-1]
        if text == before:
            return text
