"""List the sample pictures that come with the installation: photos, paintings, and a sticker."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

FOLDER = Path(__file__).parent / "samples"


@dataclass(frozen=True)
class Sample:
    name: str
    role: Literal["content", "style", "sticker"]

    @property
    def file_name(self) -> str:
        return f"{self.name}.{'webp' if self.role == 'sticker' else 'jpg'}"

    @property
    def path(self) -> Path:
        return FOLDER / self.file_name


SAMPLES = {
    sample.name: sample
    for sample in (
        Sample("astronaut", "content"),
        Sample("cat", "content"),
        Sample("palace", "content"),
        Sample("van-gogh-auvers", "style"),
        Sample("degas-dancers", "style"),
        Sample("cat-sticker", "sticker"),
    )
}
