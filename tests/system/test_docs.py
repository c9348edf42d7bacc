"""What the documents show, carried out: the example driver, files named, commands, settings and words."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.processes import ROOT

GUIDE = ROOT / "docs" / "writing-a-driver.md"
BLOCK = re.compile(
    r"^```(\w+) (\S+?)(?: (above|below) ([^\n]+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL
)
NEEDED = ("avctl", "hw_sim", "tests", "pyproject.toml")


@dataclass(frozen=True)
class Block:
    """A piece of a file that a document shows: all of it, or what goes above or below one of its lines."""

    path: str
    where: str
    line: str
    text: str

    def put(self, folder: Path) -> None:
        file = folder / self.path
        if not self.where:
            assert not file.exists(), f"{self.path} is there already"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(self.text, encoding="utf-8")
            return
        before, found, after = file.read_text(encoding="utf-8").partition(f"\n{self.line}\n")
        assert found, f"{self.path} has no line {self.line!r}"
        line = f"{self.line}\n"
        both = self.text + line if self.where == "above" else line + self.text
        file.write_text(f"{before}\n{both}{after}", encoding="utf-8")


def blocks(document: Path) -> Iterator[Block]:
    for _, path, where, line, text in BLOCK.findall(document.read_text(encoding="utf-8")):
        yield Block(path, where, line, text)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what a driver needs, with all that the guide says to write."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in NEEDED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder)
    for block in blocks(GUIDE):
        block.put(folder)
    _install(folder)
    return folder


def _install(folder: Path) -> None:
    """The entry points that an installation would write."""
    said = (folder / "pyproject.toml").read_text(encoding="utf-8")
    heading = '[project.entry-points."avctl.drivers"]\n'
    drivers = said.partition(heading)[2].partition("\n\n")[0].replace('"', "")
    info = folder / "avctl_guide-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: avctl-guide\nVersion: 1\n")
    (info / "entry_points.txt").write_text(f"[avctl.drivers]\n{drivers}\n")


def run(folder: Path, *command: str) -> str:
    """Carry ``command`` out in ``folder``; what it printed. Raises AssertionError when it failed."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(folder),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTEST_ADDOPTS": "",
    }
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=110,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    "what",
    [
        ("tests/drivers/test_hx42.py", "tests/sim/test_hx42.py"),
        ("tests/conformance", "-k", "hx42"),
    ],
    ids=["its own tests", "conformance"],
)
def test_the_driver_of_the_guide_passes(checkout: Path, what: tuple[str, ...]) -> None:
    assert " passed" in run(checkout, "pytest", "-q", "-p", "no:cacheprovider", *what)


def test_the_code_of_the_guide_is_formatted_and_linted(checkout: Path) -> None:
    files = [block.path for block in blocks(GUIDE) if block.path.endswith(".py")]
    run(checkout, "ruff", "check", "--no-cache", *files)
    run(checkout, "ruff", "format", "--no-cache", "--check", *files)
