"""Read what Linux's control groups leave to a process: of memory, as by systemd's MemoryMax, and of time."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple


class _MemoryFiles(NamedTuple):
    """What the files about memory are called."""

    bounds: tuple[tuple[str, str], ...]  # files of a limit, and of what counts against it
    reclaimable: str  # a line of memory.stat: what the system takes back at once, such as files read lately
    inherited: str  # a line of memory.stat, if there is one: the least limit of this group and all above


_MEMORY_FILES = {  # by version of control groups
    1: _MemoryFiles(
        (
            ("memory.limit_in_bytes", "memory.usage_in_bytes"),
            ("memory.memsw.limit_in_bytes", "memory.memsw.usage_in_bytes"),  # with what is swapped out
        ),
        "total_inactive_file",
        "hierarchical_memory_limit",
    ),
    2: _MemoryFiles(
        # Beyond memory.high all is slow.
        (("memory.max", "memory.current"), ("memory.high", "memory.current")),
        "inactive_file",
        "",
    ),
}


class _Group(NamedTuple):
    folder: Path
    version: int  # of control groups: 1, with a hierarchy for each controller, or 2, with one for all


def memory_left(root: Path = Path("/")) -> list[int]:
    """Return the bytes that each limit leaves to this process.

    The limits are those of its own groups, and of all groups above that it sees. Each leaves what is not in
    use, by whomever. Empty where there is no limit. `root` is where /proc and /sys are.
    """
    return [bytes_left for group in _groups(root, "self", "memory") for bytes_left in _memory_left(group)]


def times_throttled(pid: int, root: Path = Path("/")) -> int:
    """Return how often a process was kept from the processor so far, as its groups had used up their share.

    `root` is where /proc and /sys are.
    """
    return sum(
        _statistics(group.folder / "cpu.stat").get("nr_throttled", 0)
        for group in _groups(root, str(pid), "cpu")
    )


def _groups(root: Path, process: str, controller: str) -> Iterator[_Group]:
    """Go through the groups of a process that a controller may limit, and all groups above each."""
    try:
        lines = (root / "proc" / process / "cgroup").read_text().splitlines()
    except OSError:  # no Linux, or no such process
        return
    for line in lines:
        number, controllers, path = line.split(":", 2)
        if number != "0" and controller not in controllers.split(","):
            continue
        version = 2 if number == "0" else 1
        top, shown = _mount(root, version, controller)
        group = _below(top, shown, path)
        for folder in (group, *group.parents):
            yield _Group(folder, version)
            if folder == top:
                break


def _mount(root: Path, version: int, controller: str) -> tuple[Path, PurePosixPath]:
    """Return where the groups are mounted, and which of them is seen there as the topmost."""
    try:
        lines = (root / "proc/self/mountinfo").read_text().splitlines()
    except OSError:
        lines = []
    for line in lines:
        mount, _, kind = line.partition(" - ")
        shown, point = mount.split(" ")[3:5]
        name, _, options = kind.split(" ", 2)
        if version == 2 and name == "cgroup2":
            return root / point.lstrip("/"), PurePosixPath(shown)
        if version == 1 and name == "cgroup" and controller in options.split(","):
            return root / point.lstrip("/"), PurePosixPath(shown)
    default = "sys/fs/cgroup" if version == 2 else f"sys/fs/cgroup/{controller}"
    return root / default, PurePosixPath("/")


def _below(top: Path, shown: PurePosixPath, path: str) -> Path:
    """Return the folder of a group.

    Within a container its path may be the host's: what is seen then is the top.
    """
    group = PurePosixPath(path)
    if group.is_relative_to(shown):
        group = PurePosixPath("/") / group.relative_to(shown)
    folder = top / str(group).lstrip("/")
    return folder if ".." not in group.parts and folder.is_dir() else top


def _memory_left(group: _Group) -> Iterator[int]:
    files = _MEMORY_FILES[group.version]
    statistics = _statistics(group.folder / "memory.stat")
    reclaimable = statistics.get(files.reclaimable, 0)
    for limit_file, usage_file in files.bounds:
        try:
            limit = int((group.folder / limit_file).read_text())
            used = int((group.folder / usage_file).read_text())
        except (OSError, ValueError):  # no such file, or "max"
            continue
        limit = min(limit, statistics.get(files.inherited, limit))
        yield max(0, limit - used + min(reclaimable, used))


def _statistics(file: Path) -> dict[str, int]:
    """Read a file whose lines are each a name and a number; empty if there is none."""
    try:
        return {name: int(value) for name, value in (line.split() for line in file.read_text().splitlines())}
    except (OSError, ValueError):
        return {}
