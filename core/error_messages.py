"""Word errors on one line, for logs, for operators, and to stand inside a sentence."""


def one_line(error: BaseException) -> str:
    """Return all that an error says; its kind where it says nothing."""
    return " ".join(str(error).split()) or type(error).__name__


def first_line(error: BaseException) -> str:
    """Return the first line of what an error says; its kind where it says nothing. Details come below it."""
    lines = str(error).strip().splitlines()
    return lines[0].strip() if lines else type(error).__name__


def with_kind(error: BaseException) -> str:
    """Return the kind of an error and all that it says: for one that nobody foresaw."""
    kind, said = type(error).__name__, " ".join(str(error).split())
    return f"{kind}: {said}" if said else kind
