"""Say why there are no weights."""


class WeightsError(RuntimeError):
    """Raised where there are no weights to be had. Its message is one line: why, or what to do."""
