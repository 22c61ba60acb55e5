"""What control groups leave, by files as Linux lays them out: both versions, nested, mixed, in containers."""

from collections.abc import Mapping
from pathlib import Path

import psutil
import pytest

from core import control_groups, memory

V2 = "sys/fs/cgroup"
V1 = "sys/fs/cgroup/memory"
MB = 1_000_000
UNLIMITED_V1 = "9223372036854771712"
SYSTEMD = "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n"
HYBRID = (
    "25 24 0:22 / /sys/fs/cgroup ro,nosuid - tmpfs tmpfs ro,mode=755\n"
    "26 25 0:23 / /sys/fs/cgroup/unified rw,nosuid - cgroup2 cgroup2 rw\n"
    "27 25 0:24 / /sys/fs/cgroup/systemd rw,nosuid - cgroup cgroup rw,xattr,name=systemd\n"
    "28 25 0:25 / /sys/fs/cgroup/memory rw,nosuid - cgroup cgroup rw,memory\n"
)
CPU_V1 = "29 25 0:25 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid - cgroup cgroup rw,cpu,cpuacct\n"
DOCKER_V1 = "28 25 0:25 /docker/abc /sys/fs/cgroup/memory ro,nosuid - cgroup cgroup rw,memory\n"


def group(root: Path, folder: str, **files: str | int) -> None:
    """A group's files, each named with _ for the first dot; what are numbers are MB."""
    (root / folder).mkdir(parents=True, exist_ok=True)
    for name, value in files.items():
        text = str(value * MB) if isinstance(value, int) else value
        (root / folder / name.replace("_", ".", 1)).write_text(text + "\n")


def process(root: Path, groups: str, mounts: str = "") -> None:
    (root / "proc/self").mkdir(parents=True)
    (root / "proc/self/cgroup").write_text(groups)
    if mounts:
        (root / "proc/self/mountinfo").write_text(mounts)


def systemd_unit(root: Path) -> None:
    """MemoryMax= of the unit's own group."""
    process(root, "0::/system.slice/stylegram.service\n", SYSTEMD)
    group(root, f"{V2}/system.slice/stylegram.service", memory_max=1000, memory_current=700)
    group(root, f"{V2}/system.slice", memory_max="max", memory_current=5000)


def slice_above(root: Path) -> None:
    """A limit of a group above, in which others are, too."""
    process(root, "0::/bots.slice/stylegram.service\n", SYSTEMD)
    group(root, f"{V2}/bots.slice/stylegram.service", memory_max=2000, memory_current=100)
    group(root, f"{V2}/bots.slice", memory_max=1000, memory_current=700)


def deeply_nested(root: Path) -> None:
    process(root, "0::/a.slice/b.slice/c.scope/worker\n", SYSTEMD)
    group(root, f"{V2}/a.slice/b.slice/c.scope/worker", memory_current=10)
    group(root, f"{V2}/a.slice/b.slice", memory_max=1000, memory_current=700)
    group(root, f"{V2}/a.slice", memory_max=4000, memory_current=900)


def files_read_lately(root: Path) -> None:
    process(root, "0::/stylegram.service\n", SYSTEMD)
    stat = f"anon 1\nfile 2\ninactive_file {200 * MB}\nactive_file {100 * MB}"
    group(root, f"{V2}/stylegram.service", memory_max=1000, memory_current=900, memory_stat=stat)


def high(root: Path) -> None:
    """MemoryHigh=: beyond it the processes are held up."""
    process(root, "0::/stylegram.service\n", SYSTEMD)
    group(
        root,
        f"{V2}/stylegram.service",
        memory_max=4000,
        memory_high=1000,
        memory_current=700,
        memory_swap="max",
    )


def container(root: Path) -> None:
    """A namespace of its own: it is at the top of what it sees."""
    process(root, "0::/\n", SYSTEMD)
    group(root, V2, memory_max=1000, memory_current=700)


def container_that_sees_the_hosts_path(root: Path) -> None:
    process(root, "0::/system.slice/docker-abc.scope\n", SYSTEMD)
    group(root, V2, memory_max=1000, memory_current=700)


def path_out_of_the_namespace(root: Path) -> None:
    process(root, "0::/../../elsewhere\n", SYSTEMD)
    group(root, V2, memory_max=1000, memory_current=700)
    group(root, "sys/fs/elsewhere", memory_max=1, memory_current=1)
    group(root, "elsewhere", memory_max=1, memory_current=1)


def first_version(root: Path) -> None:
    process(root, "12:pids:/x\n9:memory:/system.slice/stylegram.service\n1:name=systemd:/x\n", HYBRID)
    folder = f"{V1}/system.slice/stylegram.service"
    group(root, folder, memory_limit_in_bytes=1000, memory_usage_in_bytes=700)
    group(root, V1, memory_limit_in_bytes=UNLIMITED_V1, memory_usage_in_bytes=9000)


def hybrid(root: Path) -> None:
    """The second version is there, without the memory."""
    process(root, "9:memory:/stylegram\n0::/stylegram\n", HYBRID)
    group(root, f"{V1}/stylegram", memory_limit_in_bytes=1000, memory_usage_in_bytes=700)
    group(root, "sys/fs/cgroup/unified/stylegram", cgroup_procs="7")


def first_version_with_swap(root: Path) -> None:
    """What is swapped out counts, too."""
    process(root, "9:memory:/stylegram\n", HYBRID)
    group(
        root,
        f"{V1}/stylegram",
        memory_limit_in_bytes=1000,
        memory_usage_in_bytes=200,
        **{"memory_memsw.limit_in_bytes": 1000, "memory_memsw.usage_in_bytes": 700},
    )


def first_version_in_docker(root: Path) -> None:
    """The mount says which of the host's groups is seen."""
    process(root, "9:memory:/docker/abc\n", DOCKER_V1)
    group(root, V1, memory_limit_in_bytes=1000, memory_usage_in_bytes=700)


def below_what_docker_shows(root: Path) -> None:
    process(root, "9:memory:/docker/abc/worker\n", DOCKER_V1)
    group(root, f"{V1}/worker", memory_limit_in_bytes=2000, memory_usage_in_bytes=10)
    group(root, V1, memory_limit_in_bytes=1000, memory_usage_in_bytes=700)


def limited_out_of_sight(root: Path) -> None:
    """Of a group above, which is not seen, the first version tells all the same."""
    process(root, "9:memory:/docker/abc\n", DOCKER_V1)
    group(
        root,
        V1,
        memory_limit_in_bytes=UNLIMITED_V1,
        memory_usage_in_bytes=700,
        memory_stat=f"cache 1\nhierarchical_memory_limit {1000 * MB}\ntotal_inactive_file 0",
    )


def without_mountinfo(root: Path) -> None:
    process(root, "0::/stylegram.service\n")
    group(root, f"{V2}/stylegram.service", memory_max=1000, memory_current=700)


LAYOUTS = [
    systemd_unit,
    slice_above,
    deeply_nested,
    files_read_lately,
    high,
    container,
    container_that_sees_the_hosts_path,
    path_out_of_the_namespace,
    first_version,
    hybrid,
    first_version_with_swap,
    first_version_in_docker,
    below_what_docker_shows,
    limited_out_of_sight,
    without_mountinfo,
]


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)
def test_what_is_left_is_the_limit_less_what_is_in_use(layout: object, tmp_path: Path) -> None:
    assert callable(layout)
    layout(tmp_path)
    assert min(control_groups.memory_left(tmp_path)) == 300 * MB
    own = psutil.Process().memory_info().rss / MB
    assert memory.available(tmp_path) == pytest.approx(300 + own, abs=20)


UNLIMITED: Mapping[str, tuple[str, str]] = {
    "no limit": ("0::/stylegram.service\n", SYSTEMD),
    "no such group": ("0::/nowhere\n", SYSTEMD),
    "no control groups": ("", ""),
}


@pytest.mark.parametrize(("groups", "mounts"), UNLIMITED.values(), ids=UNLIMITED)
def test_without_a_limit_the_machine_is_the_limit(groups: str, mounts: str, tmp_path: Path) -> None:
    process(tmp_path, groups, mounts)
    group(tmp_path, f"{V2}/stylegram.service", memory_max="max", memory_high="max", memory_current=700)
    assert control_groups.memory_left(tmp_path) == []
    assert control_groups.memory_left(tmp_path / "no Linux") == []


def test_a_group_that_uses_more_than_its_limit_leaves_nothing(tmp_path: Path) -> None:
    process(tmp_path, "0::/stylegram.service\n", SYSTEMD)
    group(tmp_path, f"{V2}/stylegram.service", memory_max=1000, memory_current=1200)
    assert control_groups.memory_left(tmp_path) == [0]


@pytest.mark.parametrize(
    ("groups", "mounts", "folder"),
    [
        ("0::/bots.slice/bot.service\n", SYSTEMD, f"{V2}/bots.slice/bot.service"),
        ("4:cpu,cpuacct:/bot\n9:memory:/bot\n", CPU_V1, "sys/fs/cgroup/cpu,cpuacct/bot"),
        (
            "4:cpu,cpuacct:/docker/abc\n",
            CPU_V1.replace(" / ", " /docker/abc ", 1),
            "sys/fs/cgroup/cpu,cpuacct",
        ),
    ],
    ids=["second version", "first version", "first version in Docker"],
)
def test_being_throttled_is_counted_by_all_groups(
    groups: str, mounts: str, folder: str, tmp_path: Path
) -> None:
    process(tmp_path, "", mounts)
    (tmp_path / "proc/77").mkdir()
    (tmp_path / "proc/77/cgroup").write_text(groups)
    group(tmp_path, folder, cpu_stat="nr_periods 9\nnr_throttled 3\nthrottled_time 50")
    assert control_groups.times_throttled(77, tmp_path) == 3
    assert control_groups.times_throttled(78, tmp_path) == 0
