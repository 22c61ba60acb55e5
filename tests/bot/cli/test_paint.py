"""The command line on the sample pictures, with no network: in a process of its own where that matters."""

import json
import logging
import math
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import h5py
import numpy as np
import psutil
import pytest
from PIL import ExifTags, Image

from bot.cli import main
from bot.cli.files import CannotWrite, write
from core.recipe import Recipe, Strength

if TYPE_CHECKING:
    from core.painter import Painter

COMMAND = "from bot.cli import main; main()"
FIELDS = {
    *("output", "width", "height", "strength", "backbone", "weights", "device"),
    *("steps", "loss", "style_loss", "content_loss"),
    *("first_picture_seconds", "compile_seconds", "paint_seconds", "seconds", "peak_memory_mb"),
}
OPTIONS = {
    *("-o", "--strength", "--size", "--mix", "--steps", "--keep-colors", "--weights", "--device", "--seed"),
    *("--sheet", "--timelapse", "--json", "--quiet", "--force"),
}
QUICK = ["--size", "64", "--steps", "2", "--weights", "packaged"]
NOBODY = "Ernestine Ungefähr"


class Ran(NamedTuple):
    status: int
    stdout: bytes
    stderr: str
    wall: float  # seconds


def environment(folder: Path) -> dict[str, str]:
    """Nothing cached, nothing answering, no GPU, and a terminal as wide as may be."""
    return {
        **os.environ,
        "KERAS_HOME": str(folder / "keras"),
        "STYLEGRAM_WEIGHTS_URL": "http://127.0.0.1:9/",
        "CUDA_VISIBLE_DEVICES": "-1",
        "COLUMNS": "200",
        "TERM": "xterm",
    }


def run(folder: Path, *arguments: str | Path) -> Ran:
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, *arguments], cwd=folder, env=environment(folder), capture_output=True
    )
    return Ran(done.returncode, done.stdout, done.stderr.decode(), time.monotonic() - started)


Typed = Callable[..., Ran]


@pytest.fixture
def typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Iterator[Typed]:
    """Runs commands in this process, which spares starting another."""
    monkeypatch.chdir(tmp_path)
    for name, value in environment(tmp_path).items():
        monkeypatch.setenv(name, value)

    def typed(*arguments: str | Path) -> Ran:
        monkeypatch.setattr(sys, "argv", ["stylegram", *map(str, arguments)])
        capfd.readouterr()
        started = time.monotonic()
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capfd.readouterr()
        return Ran(int(ended.value.code or 0), out.encode(), err, time.monotonic() - started)

    yield typed
    logging.captureWarnings(False)  # which the command line switches on


@pytest.fixture
def typed_and_painted(typed: Typed, painter: "Painter", monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Paints with the painter that all tests share."""
    monkeypatch.setattr("core.painter.load_painter", lambda *_, **__: painter)
    return typed


def opened(data: bytes | Path) -> Image.Image:
    with Image.open(BytesIO(data) if isinstance(data, bytes) else data) as image:
        image.load()
        return image


@pytest.fixture(scope="module")
def photo(samples: Path) -> Path:
    return samples / "astronaut.jpg"


@pytest.fixture(scope="module")
def style(samples: Path) -> Path:
    return samples / "van-gogh-auvers.jpg"


def assert_one_line(ran: Ran, *words: str) -> None:
    """How every mistake of the user's ends."""
    assert ran.status == 2, ran
    assert ran.stdout == b""
    assert "Traceback" not in ran.stderr
    assert ran.stderr.count("\n") == 1, ran.stderr
    assert ran.stderr.startswith("stylegram: ")
    for word in words:
        assert word in ran.stderr


# A painting with everything


class Painted(NamedTuple):
    folder: Path
    arguments: list[str | Path]
    ran: Ran

    @property
    def report(self) -> dict[str, Any]:
        return json.loads(self.ran.stdout)


@pytest.fixture(scope="module")
def painted(tmp_path_factory: pytest.TempPathFactory, photo: Path, style: Path) -> Painted:
    folder = tmp_path_factory.mktemp("painted")
    exif = Image.Exif()
    exif[ExifTags.Base.Artist] = NOBODY
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (48.0, 12.0, 30.0)
    opened(photo).save(folder / "holiday.jpg", exif=exif)
    assert opened(folder / "holiday.jpg").getexif().get_ifd(ExifTags.IFD.GPSInfo)
    arguments = [
        "holiday.jpg",
        style,
        "--size",
        "128",
        "--steps",
        "12",
        "--weights",
        "packaged",
        "--seed",
        "3",
    ]
    ran = run(folder, "paint", *arguments, "--json", "--sheet", "sheet.png", "--timelapse", "lapse.gif")
    assert ran.status == 0, ran.stderr
    return Painted(folder, arguments, ran)


def test_the_painting_is_named_after_both_pictures(painted: Painted) -> None:
    image = opened(painted.folder / "holiday-van-gogh-auvers.jpg")
    assert (image.format, image.size) == ("JPEG", (128, 128))
    names = {path.name for path in painted.folder.iterdir() if path.is_file()}
    assert names == {"holiday.jpg", "holiday-van-gogh-auvers.jpg", "sheet.png", "lapse.gif"}


def test_json_is_one_object_with_every_field(painted: Painted) -> None:
    assert painted.ran.stdout.count(b"\n") == 1
    report = painted.report
    assert report.keys() == FIELDS
    assert report["output"] == "holiday-van-gogh-auvers.jpg"
    assert (report["width"], report["height"]) == (128, 128)
    assert report["steps"] >= 12
    assert (report["strength"], report["backbone"], report["weights"]) == ("balanced", "vgg16", "packaged")
    assert report["device"] == "cpu"
    for field in FIELDS - {"output", "strength", "backbone", "weights", "device"}:
        assert math.isfinite(report[field])
        assert report[field] > 0


def test_the_seconds_reported_are_those_that_passed(painted: Painted) -> None:
    report = painted.report
    times = [report[field] for field in ("first_picture_seconds", "paint_seconds", "seconds")]
    assert [*times, painted.ran.wall] == sorted([*times, painted.ran.wall])


def test_memory_is_what_a_process_with_tensorflow_takes(painted: Painted) -> None:
    assert 200 < painted.report["peak_memory_mb"] < 4000


def test_nothing_but_the_report_is_printed(painted: Painted) -> None:
    assert painted.ran.stderr == ""


def test_the_recipe_is_inside_the_picture(painted: Painted) -> None:
    exif = opened(painted.folder / "holiday-van-gogh-auvers.jpg").getexif()
    about = json.loads(exif[ExifTags.Base.ImageDescription])
    assert about.pop("software") == "stylegram"
    assert Recipe.from_json(about) == Recipe(Strength.BALANCED, 128, enlarge=True, steps=12, seed=3)


def test_nothing_of_the_photos_metadata_is_inside_the_picture(painted: Painted) -> None:
    path = painted.folder / "holiday-van-gogh-auvers.jpg"
    exif = opened(path).getexif()
    assert exif.get_ifd(ExifTags.IFD.GPSInfo) == {}
    assert set(exif) <= {ExifTags.Base.Software, ExifTags.Base.ImageDescription}
    assert NOBODY.encode() not in path.read_bytes()
    assert b"Ernestine" not in path.read_bytes()


def test_sheet_and_timelapse_open(painted: Painted) -> None:
    pytest.importorskip("matplotlib")
    sheet = opened(painted.folder / "sheet.png")
    assert sheet.format == "PNG"
    assert min(sheet.size) > 500
    with Image.open(painted.folder / "lapse.gif") as lapse:
        assert lapse.format == "GIF"
        assert lapse.n_frames >= 12


def test_on_stdout_comes_the_same_picture_from_another_process(painted: Painted) -> None:
    ran = run(painted.folder, "paint", *painted.arguments, "-o", "-")
    assert ran.status == 0
    assert ran.stdout == (painted.folder / "holiday-van-gogh-auvers.jpg").read_bytes()


# Other paintings


def test_offline_the_packaged_network_is_used_and_a_line_says_so(
    tmp_path: Path, photo: Path, style: Path
) -> None:
    options = ["--size", "96", "--steps", "3", "--keep-colors", "--json", "-o", "kept.png"]
    ran = run(tmp_path, "paint", photo, style, *options)
    assert ran.status == 0, ran.stderr
    assert "packaged VGG16" in ran.stderr
    assert ran.stderr.count("\n") == 1
    report = json.loads(ran.stdout)
    assert report["weights"] == "packaged"
    assert report["steps"] >= 3
    kept, small = opened(tmp_path / "kept.png"), opened(photo).resize((96, 96), Image.Resampling.LANCZOS)
    assert kept.format == "PNG"
    chroma = [np.asarray(image.convert("YCbCr"), float)[..., 1:] for image in (kept, small)]
    assert (np.abs(chroma[0] - chroma[1]).mean((0, 1)) < 4).all()


def test_quiet_prints_nothing(tmp_path: Path, photo: Path, style: Path) -> None:
    options = ["--strength", "classic", "--size", "64", "--steps", "2", "--quiet", "-o", "classic.webp"]
    ran = run(tmp_path, "paint", photo, style, *options)
    assert (ran.status, ran.stdout, ran.stderr) == (0, b"", "")
    assert opened(tmp_path / "classic.webp").size == (64, 64)


def test_several_styles_are_mixed(
    tmp_path: Path, typed_and_painted: Typed, photo: Path, style: Path, samples: Path
) -> None:
    styles = [style, samples / "degas-dancers.jpg", photo]
    ran = typed_and_painted("paint", photo, *styles, *QUICK, "--mix", "2:1:0.5", "--json")
    assert ran.status == 0, ran.stderr
    output = json.loads(ran.stdout)["output"]
    assert output == "astronaut-van-gogh-auvers.jpg"
    about = json.loads(opened(tmp_path / output).getexif()[ExifTags.Base.ImageDescription])
    assert Recipe.from_json(about).mix == (2, 1, 0.5)


@pytest.mark.parametrize(
    ("name", "file_format"), [("a.jpg", "JPEG"), ("a.JPEG", "JPEG"), ("a.png", "PNG"), ("a.webp", "WEBP")]
)
def test_the_extension_says_what_is_written(
    tmp_path: Path, typed_and_painted: Typed, photo: Path, style: Path, name: str, file_format: str
) -> None:
    ran = typed_and_painted("paint", photo, style, *QUICK, "-o", name)
    assert ran.status == 0
    assert name in ran.stderr
    image = opened(tmp_path / name)
    assert (image.format, image.size) == (file_format, (64, 64))


def test_a_file_that_exists_is_kept_unless_forced(
    tmp_path: Path, typed_and_painted: Typed, photo: Path, style: Path
) -> None:
    precious = tmp_path / "precious.png"
    precious.write_bytes(b"precious")
    for options in (["-o", "precious.png"], ["--sheet", "precious.png"]):
        assert_one_line(typed_and_painted("paint", photo, style, *options), "precious.png exists", "--force")
        assert precious.read_bytes() == b"precious"
    assert typed_and_painted("paint", photo, style, *QUICK, "-o", "precious.png", "--force").status == 0
    assert opened(precious).size == (64, 64)


# Ctrl-C

TERMINAL = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # CI may have it ignored
)


class Terminal:
    """What a process prints on its standard error, which to it is a terminal."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self.text = ""

    def wait_for(self, pattern: str, timeout: float = 120) -> None:
        deadline = time.monotonic() + timeout
        while not re.search(pattern, self.text):
            assert time.monotonic() < deadline, self.text
            assert self._read(), self.text

    def read_all(self) -> None:
        while self._read(60):
            pass

    def _read(self, timeout: float = 120) -> bool:
        """Whether there may be more to come."""
        try:
            if select.select([self._descriptor], [], [], timeout)[0]:
                self.text += os.read(self._descriptor, 4096).decode(errors="replace")
        except OSError:  # Linux's way of saying that the other end is closed
            return False
        return True


@contextmanager
def in_a_terminal(folder: Path, *arguments: str | Path) -> Iterator[tuple[subprocess.Popen[bytes], Terminal]]:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", TERMINAL + COMMAND, *arguments],
        cwd=folder,
        env=environment(folder),
        stdout=subprocess.PIPE,
        stderr=theirs,
    )
    os.close(theirs)
    try:
        yield process, Terminal(ours)
    finally:
        process.kill()
        process.communicate()
        os.close(ours)


def test_ctrl_c_saves_the_painting_so_far(tmp_path: Path, photo: Path, style: Path) -> None:
    options = [
        "--size",
        "96",
        "--steps",
        "400",
        "--weights",
        "packaged",
        "--json",
        "--timelapse",
        "lapse.gif",
    ]
    with in_a_terminal(tmp_path, "paint", photo, style, *options) as (process, terminal):
        terminal.wait_for(r"[1-9]\d*/4\d\d .*loss .*style .*content ")
        process.send_signal(signal.SIGINT)
        terminal.read_all()
        stdout, _ = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Interrupted" in terminal.text
    assert "Traceback" not in terminal.text
    report = json.loads(stdout)
    assert 1 <= report["steps"] < 400
    assert opened(tmp_path / report["output"]).size == (96, 96)
    assert opened(tmp_path / "lapse.gif").format == "GIF"


def test_ctrl_c_before_the_first_step_leaves_nothing_behind(tmp_path: Path, photo: Path, style: Path) -> None:
    with in_a_terminal(tmp_path, "paint", photo, style, "--weights", "packaged") as (process, terminal):
        terminal.wait_for("Loading the network")
        process.send_signal(signal.SIGINT)
        terminal.read_all()
        process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in terminal.text
    assert [path for path in tmp_path.iterdir() if path.is_file()] == []


# Mistakes

MISTAKES = {
    "no such file": (["absent.jpg"], ["absent.jpg", "No such file"]),
    "a folder": (["."], ["cannot read ."]),
    "text called jpg": (["text.jpg"], ["text.jpg", "not a picture"]),
    "cut short": (["short.jpg"], ["short.jpg", "cut short"]),
    "a strip": (["strip.png"], ["strip.png", "at least 16"]),
    "no extension": (["PHOTO", "-o", "result"], ["result", ".jpg"]),
    "unknown extension": (["PHOTO", "-o", "result.bmp"], ["result.bmp", ".jpg", ".png", ".webp"]),
    "no such folder": (["PHOTO", "-o", "nowhere/result.jpg"], ["nowhere/result.jpg", "folder"]),
    "no such folder for the sheet": (
        ["PHOTO", "--sheet", "nowhere/sheet.png"],
        ["nowhere/sheet.png", "folder"],
    ),
    "size of nothing": (["PHOTO", "--size", "0"], ["size", "16", "2048", "0"]),
    "size too small": (["PHOTO", "--size", "15"], ["size", "16", "2048", "15"]),
    "size too large": (["PHOTO", "--size", "5000"], ["size", "16", "2048", "5000"]),
    "size in words": (["PHOTO", "--size", "large"], ["--size"]),
    "no steps": (["PHOTO", "--steps", "0"], ["--steps"]),
    "unknown strength": (
        ["PHOTO", "--strength", "bold"],
        ["bold", "light", "balanced", "strong", "wild", "classic"],
    ),
    "unknown device": (["PHOTO", "--device", "tpu"], ["tpu", "auto", "cpu", "gpu"]),
    "unknown option": (["PHOTO", "--colour"], ["--colour"]),
    "sheet that is no PNG": (["PHOTO", "--sheet", "sheet.jpg"], ["sheet.jpg", ".png"]),
    "timelapse that is no GIF": (["PHOTO", "--timelapse", "lapse.mp4"], ["lapse.mp4", ".gif"]),
    "a mix in words": (["PHOTO", "--mix", "more:less"], ["--mix", "more:less", "2:1"]),
    "a mix of nothing": (["PHOTO", "--mix", "0"], ["mix", "above 0"]),
    "a mix of more than there are": (["PHOTO", "--mix", "2:1"], ["--mix", "styles, 1: 2:1 has 2"]),
    "a mix of fewer than there are": (["PHOTO", "STYLE", "--mix", "1"], ["--mix", "styles, 2: 1 has 1"]),
    "five styles": (["PHOTO", *["STYLE"] * 4], ["at most 4", "5"]),
    "a second style that is none": (["PHOTO", "text.jpg"], ["text.jpg", "not a picture"]),
    "two things on stdout": (["PHOTO", "-o", "-", "--json"], ["stdout"]),
    "one file for two things": (
        [
            "PHOTO",
            "-o",
            "same.png",
            "--sheet",
            "same.png",
            "--size",
            "64",
            "--steps",
            "1",
            "--weights",
            "packaged",
        ],
        ["same.png"],
    ),
    "a folder for a file, forced": (["PHOTO", "-o", "folder.png", "--force"], ["folder.png"]),
    "a name too long": (["PHOTO", "-o", "a" * 252 + ".jpg"], ["too long"]),
    "a file for a folder": (["PHOTO", "-o", "text.jpg/result.jpg"], ["text.jpg/result.jpg", "no folder"]),
    "no such weights": (["PHOTO", "--weights", "absent.h5"], ["absent.h5"]),
}


def test_two_long_names_make_a_shorter_one(
    tmp_path: Path, typed_and_painted: Typed, photo: Path, style: Path
) -> None:
    (tmp_path / f"{'ж' * 120}.jpg").write_bytes(photo.read_bytes())
    (tmp_path / f"[b]{'s' * 240}.jpg").write_bytes(style.read_bytes())
    ran = typed_and_painted("paint", f"{'ж' * 120}.jpg", f"[b]{'s' * 240}.jpg", *QUICK)
    assert ran.status == 0, ran.stderr
    [name] = [path.name for path in tmp_path.glob("*-*.jpg")]
    assert name.startswith("жжж")
    assert "-[b]sss" in name
    assert ran.stderr.startswith(f"{name} (64 x 64) in ")
    assert ran.stderr.count("\n") == 1


def test_names_of_odd_bytes_are_shown_as_one_line(
    tmp_path: Path, typed_and_painted: Typed, photo: Path, style: Path
) -> None:
    name = os.fsdecode(b"caf\xe9\n[red].jpg")
    ran = typed_and_painted("paint", photo, style, *QUICK, "-o", name)
    assert ran.status == 0, ran.stderr
    assert ran.stderr.startswith("caf\\xe9\\n[red].jpg (64 x 64) in ")
    assert ran.stderr.count("\n") == 1
    assert opened(tmp_path / name).size == (64, 64)
    again = typed_and_painted("paint", photo, style, *QUICK, "-o", name, "--json", "--force")
    assert json.loads(again.stdout)["output"] == name
    assert_one_line(
        typed_and_painted("paint", photo, style, *QUICK, "-o", name), "caf\\xe9\\n[red].jpg exists"
    )


def test_a_sheet_that_cannot_be_written_costs_nothing_else(
    tmp_path: Path, typed_and_painted: Typed, photo: Path, style: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import bot.cli.paint

    def no_room_for_sheets(path: Path, data: bytes) -> None:
        if path.suffix == ".png":
            raise CannotWrite(f"cannot write {path}: No space left on device")
        write(path, data)

    monkeypatch.setattr(bot.cli.paint, "write", no_room_for_sheets)
    others = ["--sheet", "sheet.png", "--timelapse", "lapse.gif"]
    ran = typed_and_painted("paint", photo, style, *QUICK, "-o", "painting.jpg", *others)
    assert_one_line(ran, "cannot write sheet.png: No space left on device")
    assert opened(tmp_path / "painting.jpg").size == (64, 64)
    assert opened(tmp_path / "lapse.gif").format == "GIF"


@pytest.fixture
def wrong_files(tmp_path: Path, photo: Path) -> Path:
    """A folder of what is no picture, or not enough of one."""
    (tmp_path / "text.jpg").write_text("This is not a picture, whatever it is called.")
    (tmp_path / "short.jpg").write_bytes(photo.read_bytes()[:20_000])
    Image.new("RGB", (500, 1)).save(tmp_path / "strip.png")
    (tmp_path / "folder.png").mkdir()
    return tmp_path


@pytest.mark.parametrize(("arguments", "words"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_one_line_and_status_2_and_writes_nothing(
    wrong_files: Path, typed: Typed, photo: Path, style: Path, arguments: list[str], words: list[str]
) -> None:
    content, *options = arguments
    options = [str(style) if option == "STYLE" else option for option in options]
    ran = typed("paint", photo if content == "PHOTO" else content, style, *options)
    assert_one_line(ran, *words)
    names = {path.name for path in wrong_files.iterdir()} - {"keras"}
    assert names == {"text.jpg", "short.jpg", "strip.png", "folder.png"}


def test_to_ask_for_a_gpu_where_there_is_none_is_a_mistake(tmp_path: Path, photo: Path, style: Path) -> None:
    ran = run(tmp_path, "paint", photo, style, "--device", "gpu", "--weights", "packaged")
    assert_one_line(ran, "GPU", "--device cpu")
    assert [path for path in tmp_path.iterdir() if path.is_file()] == []


def weights_of_nothing(path: Path) -> None:
    """A file of VGG16 as Keras writes it, every number of it missing."""
    inputs = 3
    outputs = [64] * 2 + [128] * 2 + [256] * 3 + [512] * 6
    with h5py.File(path, "w") as file:
        for number, channels in enumerate(outputs):
            layer = f"layers/conv2d{f'_{number}' if number else ''}/vars"
            file.create_dataset(f"{layer}/0", (3, 3, inputs, channels), "f4", fillvalue=math.nan)
            file.create_dataset(f"{layer}/1", (channels,), "f4", fillvalue=math.nan)
            inputs = channels


def test_weights_that_lead_nowhere_are_a_mistake_too(tmp_path: Path, photo: Path, style: Path) -> None:
    weights_of_nothing(tmp_path / "nothing.h5")
    options = ["--size", "64", "--steps", "1", "--weights", "nothing.h5", "-o", "result.png"]
    assert_one_line(run(tmp_path, "paint", photo, style, *options), "nan")
    assert not (tmp_path / "result.png").exists()


@pytest.mark.usefixtures("wrong_files")
def test_a_bad_style_picture_is_named_too(typed: Typed, photo: Path) -> None:
    assert_one_line(typed("paint", photo, "text.jpg"), "text.jpg", "not a picture")


def test_missing_arguments_are_asked_for(typed: Typed, photo: Path) -> None:
    assert_one_line(typed("paint"), "content")
    assert_one_line(typed("paint", photo), "style")


def test_what_does_not_fit_into_memory_is_refused_with_a_size_that_does(
    typed: Typed, monkeypatch: pytest.MonkeyPatch, photo: Path, style: Path
) -> None:
    monkeypatch.setattr("core.memory.available", lambda: 2000)
    assert_one_line(typed("paint", photo, style, "--size", "2048"), "2000 MB are free", "would fit")


def test_a_size_that_leaves_a_panorama_too_narrow_is_refused(
    tmp_path: Path, typed_and_painted: Typed, photo: Path, style: Path
) -> None:
    opened(photo).resize((300, 40)).save(tmp_path / "panorama.png")
    ran = typed_and_painted("paint", "panorama.png", style, "--size", "100", "--weights", "packaged")
    assert_one_line(ran, "100 x 13", "16")


def test_a_strip_of_a_style_does_even_for_a_small_painting(
    tmp_path: Path, typed_and_painted: Typed, photo: Path, style: Path
) -> None:
    opened(style).resize((600, 40)).save(tmp_path / "strip.png")
    options = ["--size", "64", "--steps", "2", "--weights", "packaged", "-o", "small.png"]
    ran = typed_and_painted("paint", photo, "strip.png", *options)
    assert ran.status == 0, ran.stderr
    assert opened(tmp_path / "small.png").size == (64, 64)


# The rest of the command line


def test_help_names_every_option(typed: Typed) -> None:
    ran = typed("paint", "--help")
    assert ran.status == 0
    text = ran.stdout.decode()
    assert [option for option in OPTIONS if option not in text] == []


def test_doctor_tells_what_is_here(tmp_path: Path) -> None:
    ran = run(tmp_path, "doctor")
    text = ran.stdout.decode()
    for word in (
        "python",
        "tensorflow",
        "device",
        "imagenet weights",
        "packaged weights",
        "free memory",
    ):
        assert word in text
    assert "Connection refused. The packaged ones are used" in text
    assert "missing" not in text
    assert "Traceback" not in ran.stderr
    if psutil.virtual_memory().available > 3_000_000_000:  # too little is a thing to complain of
        assert ran.status == 0
        assert "wrong" not in text


def test_doctor_says_what_is_wrong(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.weights.packaged.FILE", Path("nowhere.npz"))
    ran = typed("doctor")
    assert ran.status == 1
    assert "Install stylegram again" in ran.stdout.decode()
    assert "Traceback" not in ran.stderr
