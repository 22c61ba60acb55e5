"""What an installation and an image are made of is all there."""

import subprocess
import tomllib
from pathlib import Path

from dockerfile_parse import DockerfileParser

ROOT = Path(__file__).parents[1]
DOCKERFILE = DockerfileParser(fileobj=(ROOT / "Dockerfile").open("r+b"))


def test_every_file_of_the_packages_that_is_no_program_is_installed() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "bot", "core", "storage"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    patterns = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["package-data"]
    installed = {
        path.relative_to(ROOT).as_posix()
        for package, globs in patterns.items()
        for pattern in globs
        for path in (ROOT / package).glob(pattern)
    }
    needed = {name for name in listed.stdout.split() if not name.endswith((".py", ".md"))}
    assert needed - installed == set()


def test_what_is_copied_into_the_image_is_there_and_not_ignored() -> None:
    kept = (ROOT / ".dockerignore").read_text().splitlines()
    copied = [
        source
        for step in DOCKERFILE.structure
        if step["instruction"] == "COPY" and "--from" not in step["value"]
        for source in step["value"].split()[:-1]
    ]
    assert {"bot", "core", "storage", "pyproject.toml", "constraints.txt"} <= set(copied)
    assert [source for source in copied if not (ROOT / source).exists()] == []
    assert [source for source in copied if f"!{source}" not in kept] == []


def test_the_image_runs_without_rights_and_ends_like_the_bot() -> None:
    last = {step["instruction"]: step["value"] for step in DOCKERFILE.structure}
    assert last["USER"] == "10001:10001"
    assert (last["ENTRYPOINT"], last["CMD"]) == ('["stylegram"]', '["run"]')
    assert last["STOPSIGNAL"] == "SIGTERM"
    assert '["stylegram", "health"]' in last["HEALTHCHECK"]
