"""Say why there are no weights."""


class WeightsError(RuntimeError):
    """Raised where there are no weights to be had. Its message is one line: why, or what to do."""


def one_line(error: Exception) -> str:
    """Return an exception's message as one line without a full stop, to stand inside a sentence."""
    return " ".join(str(error).split()).rstrip(".")
