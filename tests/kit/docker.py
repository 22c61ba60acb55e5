"""Does what a Dockerfile says, without Docker: builds its stages, and runs what comes of them.

The file's own text is what runs, in folders that are each stage's root, by chroot in namespaces of its own.
What stands in for what:

- The base image is this machine's Python, its /usr, its /opt (where it may have package indexes), none of
  them to be written, and a copy of its /etc; all else is empty. So there are more programs than in
  python:3.11-slim: it is `--only-binary` in the file that makes sure that no compiler is missed.
- The network is this machine's. pip is configured as here, and a cache mount for pip is this machine's cache.
- `docker run --read-only --tmpfs /tmp` is the same mounts; the volume is a folder.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import translate
from pathlib import Path
from string import Template

import psutil
from dockerfile_parse import DockerfileParser

PATH = f"{sys.base_prefix}/bin:/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"
PIP_CACHE = "/root/.cache/pip"
# Exec forms only: signals reach what is given as a list, where a shell would swallow them.
SETTINGS: dict[str, tuple[str, Callable[[str], object]]] = {
    "SHELL": ("shell", json.loads),
    "USER": ("user", str),
    "ENTRYPOINT": ("entrypoint", json.loads),
    "CMD": ("command", json.loads),
    "HEALTHCHECK": ("health", lambda value: json.loads(value.partition("CMD ")[2])),
    "STOPSIGNAL": ("stop_signal", str),
    "VOLUME": ("volumes", str.split),
}
OURS = re.compile(r"PIP_.*|\w+_PROXY|\w+_proxy")  # Docker, too, hands the proxies on


def available() -> bool:
    """Whether this machine lets us: Linux, root, and namespaces."""
    try:
        done = subprocess.run(["unshare", "--mount", "--pid", "--fork", "true"], capture_output=True)
    except OSError:
        return False
    return done.returncode == 0 and os.geteuid() == 0


@dataclass
class Image:
    """A stage: a folder, and what the file says about running what is in it."""

    root: Path
    environment: dict[str, str] = field(default_factory=lambda: {"PATH": PATH})
    arguments: dict[str, str] = field(default_factory=dict)
    shell: list[str] = field(default_factory=lambda: ["/bin/sh", "-c"])
    workdir: str = "/"
    user: str = "0:0"
    entrypoint: list[str] = field(default_factory=list)
    command: list[str] = field(default_factory=list)
    health: list[str] = field(default_factory=list)
    stop_signal: str = "SIGTERM"
    volumes: list[str] = field(default_factory=list)

    def path(self, inside: str) -> Path:
        return self.root / inside.lstrip("/")

    def copy(self, root: Path) -> "Image":
        """A stage that begins where this one ends."""
        subprocess.run(["cp", "-al", self.root, root], check=True)  # no step writes into a file that is there
        return Image(root, dict(self.environment), {}, list(self.shell), self.workdir, self.user)


class Build:
    """Builds a context's Dockerfile, in an empty folder. Raises CalledProcessError where a step fails."""

    def __init__(self, context: Path, folder: Path, arguments: Mapping[str, str]) -> None:
        self.sent = folder / "context"
        self._folder = folder
        self._arguments = arguments
        self._stages: dict[str, Image] = {}
        for file in let_through(context):
            (self.sent / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(context / file, self.sent / file)
        self.image = self._run((context / "Dockerfile").read_bytes())

    def _run(self, dockerfile: bytes) -> Image:
        path = self._folder / "Dockerfile"
        path.write_bytes(dockerfile)
        image: Image | None = None
        for step in DockerfileParser(str(path)).structure:
            name, value = step["instruction"], step["value"]
            if name == "COMMENT":
                continue
            if name == "FROM":
                image = self._begin(value)
                continue
            assert image is not None
            self._step(image, name, value)
        assert image is not None
        return image

    def _begin(self, value: str) -> Image:
        base, _, name = re.fullmatch(r"(\S+)( AS (\S+))?", value).groups()  # type: ignore[union-attr]
        root = self._folder / f"stage-{len(self._stages)}"
        image = self._stages[base].copy(root) if base in self._stages else self._base(base, root)
        self._stages[name or base] = image
        return image

    def _base(self, name: str, root: Path) -> Image:
        assert name == "python:{}.{}-slim".format(*sys.version_info)
        for folder in ("dev", "opt", "proc", "root", "sys", "tmp", "usr", "var/tmp"):
            (root / folder).mkdir(parents=True)
        (root / "tmp").chmod(0o1777)
        subprocess.run(["cp", "-a", "/etc", root], check=True)
        for folder in ("bin", "lib", "lib64", "sbin"):
            if Path("/", folder).exists():
                (root / folder).symlink_to(f"usr/{folder}")
        return Image(root)

    def _step(self, image: Image, name: str, value: str) -> None:
        match name:
            case "ARG":
                variable, given, default = value.partition("=")
                if variable in self._arguments or given:
                    image.arguments[variable] = self._arguments.get(variable, default)
            case "ENV":
                for word in shlex.split(value):
                    variable, _, text = word.partition("=")
                    image.environment[variable] = Template(text).substitute(image.environment)
            case "RUN":
                self._run_step(image, value)
            case "COPY":
                self._copy(image, shlex.split(value))
            case "WORKDIR":
                image.workdir = value
                image.path(value).mkdir(parents=True, exist_ok=True)
            case "LABEL" | "EXPOSE":
                pass
            case _:
                attribute, read = SETTINGS[name]
                setattr(image, attribute, read(value))

    def _run_step(self, image: Image, value: str) -> None:
        mounts = []
        while option := re.match(r"--mount=(\S+)\s+", value):
            mounts.append(self._mount(dict(part.split("=") for part in option[1].split(","))))
            value = value[option.end() :]
        environment = {name: text for name, text in os.environ.items() if OURS.fullmatch(name)}
        environment |= image.environment | image.arguments
        process = start(image, [*image.shell, value], environment, mounts, user=image.user)
        if process.wait():
            raise subprocess.CalledProcessError(process.returncode, value)

    def _mount(self, options: dict[str, str]) -> tuple[Path, str]:
        target = options["target"]
        if options["type"] == "bind":
            return self._stages[options["from"]].path(options["source"]), target
        assert options["type"] == "cache"
        if target == PIP_CACHE:
            where = [sys.executable, "-m", "pip", "cache", "dir"]
            source = Path(subprocess.run(where, check=True, capture_output=True, text=True).stdout.strip())
        else:
            source = self._folder / "cache" / target.lstrip("/")
        source.mkdir(parents=True, exist_ok=True)
        return source, target

    def _copy(self, image: Image, words: list[str]) -> None:
        origin = self.sent
        if words[0].startswith("--from="):
            origin = self._stages[words.pop(0).removeprefix("--from=")].root
        *sources, target = words
        destination = image.path(target) if target.startswith("/") else image.path(image.workdir) / target
        for source in (origin / source.lstrip("/") for source in sources):
            if source.is_dir():
                subprocess.run(["cp", "-al", "-T", source, destination], check=True)
            else:
                shutil.copy2(source, destination)


def start(
    image: Image,
    command: Sequence[str],
    environment: Mapping[str, str],
    mounts: Sequence[tuple[Path, str]] = (),
    *,
    user: str,
    read_only: bool = False,
    **options: object,
) -> "subprocess.Popen[bytes]":
    """Run a command in the image, as process 1 of its own. To kill what is returned kills it all."""
    root = image.root
    script = [
        f"mount --bind {root} {root}",
        f"mount --rbind /dev {root}/dev",
        f"mount --rbind /sys {root}/sys",
        f"mount -t proc proc {root}/proc",
        *_bind(Path("/usr"), root / "usr"),
    ]
    for source in (Path(sys.base_prefix), *Path("/opt").iterdir()):
        if not source.is_relative_to("/usr"):
            script += _bind(source, image.path(str(source)))
    if read_only:
        script += [f"mount -t tmpfs -o mode=1777 tmpfs {root}/tmp"]  # noqa: S108
    for source, target in mounts:
        image.path(target).mkdir(parents=True, exist_ok=True)
        script += [f"mount --bind {source} {image.path(target)}"]
    if read_only:
        script += [f"mount -o remount,bind,ro {root}"]
    script += ['root=$1 user=$2; shift 2; exec chroot --userspec="$user" --groups="" "$root" "$@"']
    assignments = [f"{name}={value}" for name, value in environment.items()]
    return subprocess.Popen(
        [
            *("unshare", "--mount", "--pid", "--fork", "--kill-child"),
            *("sh", "-euc", "\n".join(script), "sh", root, user),
            *("env", "-i", f"--chdir={image.workdir}", *assignments, *command),
        ],
        **options,  # type: ignore[call-overload]
    )


def process_1(started: "subprocess.Popen[bytes]") -> psutil.Process:
    """The command itself, once it runs: what `docker stop` signals."""
    (process,) = psutil.Process(started.pid).children()
    return process


def let_through(context: Path) -> Iterator[Path]:
    """The files of a context that its .dockerignore lets through: the last rule that fits a file decides."""
    lines = (context / ".dockerignore").read_text().splitlines()
    rules = [
        (line.startswith("!"), re.compile(_expression(line.lstrip("!"))))
        for line in lines
        if line and not line.startswith("#")
    ]

    def passes(path: Path) -> bool:
        verdict = True
        for lets, expression in rules:
            if any(expression.fullmatch(str(part)) for part in (path, *path.parents)):
                verdict = lets
        return verdict

    for top in context.iterdir():
        for path in top.rglob("*") if passes(Path(top.name)) and top.is_dir() else [top]:
            relative = path.relative_to(context)
            if path.is_file() and passes(relative):
                yield relative


def _expression(pattern: str) -> str:
    """One of .dockerignore's patterns: `*` stays within a folder, `**/` goes through any number of them."""
    deep = pattern.startswith("**/")
    one = translate(pattern.removeprefix("**/")).replace(".*", "[^/]*")
    return f"(.*/)?{one}" if deep else one


def _bind(source: Path, target: Path) -> list[str]:
    return [
        f"mkdir -p {target}",
        f"mount --bind {source} {target}",
        f"mount -o remount,bind,ro {target}",
    ]
