"""What is installed is what constraints.txt says, and fits together."""

import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
LINES = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if not line.startswith("#")]
PINS = {canonicalize_name(name): version for name, _, version in (line.partition("==") for line in LINES)}


def required(name: str, extras: set[str], seen: set[tuple[str, str]]) -> Iterator[Requirement]:
    """All that a distribution needs, and what that needs; of what is not installed, no more than its name."""
    try:
        lines = metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return
    for line in lines:
        needed = Requirement(line)
        if needed.marker and not any(needed.marker.evaluate({"extra": extra}) for extra in extras | {""}):
            continue
        key = (canonicalize_name(needed.name), ",".join(sorted(needed.extras)))
        if key not in seen:
            seen.add(key)
            yield needed
            yield from required(needed.name, set(needed.extras), seen)


def everything() -> list[Requirement]:
    extras = set(metadata.metadata("stylegram").get_all("Provides-Extra") or ())
    return [need for need in required("stylegram", extras, set()) if need.name != "stylegram"]


def test_each_line_pins_one_version() -> None:
    assert not [line for line in LINES if not re.fullmatch(r"[\w.-]+==[\w.+!]+", line)]
    assert len(PINS) == len(LINES)


def test_all_that_any_extra_needs_is_pinned_to_a_version_that_will_do() -> None:
    pinned = {need: PINS.get(canonicalize_name(need.name)) for need in everything()}
    assert [need for need, pin in pinned.items() if pin is None or not need.specifier.contains(pin)] == []


def test_what_is_installed_is_what_is_pinned() -> None:
    installed = {}
    for need in everything():
        try:
            installed[canonicalize_name(need.name)] = metadata.version(need.name)
        except metadata.PackageNotFoundError:  # of an extra that the tests do without
            continue
    assert installed == {name: PINS[name] for name in installed}


def test_what_is_installed_fits_together() -> None:
    done = subprocess.run([sys.executable, "-m", "pip", "check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
