from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def stand_ins_can_be_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    """By workers too, which import from where their parent does."""
    monkeypatch.syspath_prepend(str(Path(__file__).parents[3]))
