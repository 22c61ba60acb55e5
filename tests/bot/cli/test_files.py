"""What commands write is whole, or as it was before."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli.files import CannotWrite, check_place, shortened, write
from tests.kit.small_disk import SmallDisk


def test_a_full_disk_leaves_what_was_there(small_disk: SmallDisk) -> None:
    picture = small_disk.folder / "picture.jpg"
    picture.write_bytes(b"precious")
    small_disk.fill()
    with pytest.raises(CannotWrite, match=r"cannot write .*picture\.jpg: No space left"):
        write(picture, bytes(100_000))
    assert picture.read_bytes() == b"precious"
    assert {path.name for path in small_disk.folder.iterdir()} == {"picture.jpg", "filler"}


def test_a_limit_on_the_size_of_files_leaves_what_was_there(tmp_path: Path) -> None:
    """In a process of its own, since whoever passes this limit gets a signal that kills."""
    picture = tmp_path / "picture.jpg"
    picture.write_bytes(b"precious")
    program = (
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "from pathlib import Path; from bot.cli.files import CannotWrite, write\n"
        "try: write(Path('picture.jpg'), bytes(100_000))\n"
        "except CannotWrite as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (
        0,
        "cannot write picture.jpg: File too large\n",
        "",
    )
    assert picture.read_bytes() == b"precious"
    assert list(tmp_path.iterdir()) == [picture]


def test_interrupted_it_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = tmp_path / "picture.jpg"
    picture.write_bytes(b"precious")

    def interrupt(_file: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write(picture, b"new")
    assert picture.read_bytes() == b"precious"
    assert list(tmp_path.iterdir()) == [picture]


def test_a_new_file_is_readable_as_others_are_and_a_replaced_one_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "usual").touch()
    write(tmp_path / "new", b"new")
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "usual").stat().st_mode
    (tmp_path / "new").chmod(0o640)
    write(tmp_path / "new", b"newer")
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o640


def test_what_a_link_leads_to_is_replaced_and_not_the_link(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to("elsewhere/picture")
    check_place(tmp_path / "link")
    write(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "elsewhere" / "picture").read_bytes() == b"new"


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    check_place(tmp_path / "pipe")
    write(tmp_path / "pipe", b"new")
    assert os.read(reader, 10) == b"new"
    os.close(reader)


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        (".", "is a folder"),
        ("nowhere/picture.jpg", "the folder of .* does not exist"),
        ("file/picture.jpg", "the folder of .* is no folder|Not a directory"),
        ("a" * 252 + ".jpg", "too long"),
        ("ж" * 126 + ".jpg", "too long"),
        ("loop/picture.jpg", "cannot write|does not exist"),
    ],
)
def test_a_bad_place_is_found_before_anything_is_made(tmp_path: Path, place: str, reason: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(CannotWrite, match=reason):
        check_place(tmp_path / place)
    assert {path.name for path in tmp_path.iterdir()} == {"file", "loop"}


def test_a_read_only_folder_is_found_too(small_disk: SmallDisk) -> None:
    small_disk.make_read_only()
    with pytest.raises(CannotWrite, match="Read-only file system"):
        check_place(small_disk.folder / "picture.jpg")


@pytest.mark.parametrize(
    ("one", "other", "name"),
    [
        ("photo", "style", "photo-style.jpg"),
        ("a" * 251, "b" * 251, f"{'a' * 125}-{'b' * 125}.jpg"),
        ("a" * 251, "b", f"{'a' * 249}-b.jpg"),
        ("a", "b" * 251, f"a-{'b' * 249}.jpg"),
        ("ж" * 120, "ц" * 120, f"{'ж' * 62}-{'ц' * 63}.jpg"),
        ("🎨" * 60, "b", f"{'🎨' * 60}-b.jpg"),
        ("\udcff" * 200, "b" * 200, "\udcff" * 125 + "-" + "b" * 125 + ".jpg"),
    ],
)
def test_two_long_names_make_a_shorter_one(tmp_path: Path, one: str, other: str, name: str) -> None:
    assert shortened((one, other), ".jpg", tmp_path) == name
    (tmp_path / name).touch()
