"""What the documents show, carried out: the example driver, files named, commands, settings and words."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from ruamel.yaml import YAML
from typer.core import TyperGroup
from typer.main import get_command

from avctl.config import room_schema
from avctl.device import DriverSettings
from avctl.registry import driver, names
from hw_sim.faults import FAULTS
from service.cli import app as cli
from service.routes import add_routes
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
        both = f"{self.text}\n\n{line}" if self.where == "above" else line + self.text
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


# What the documents name.

DOCS = ROOT / "docs"
DOCUMENTS = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *DOCS.rglob("*.md")])
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
ROW = re.compile(r"^\| (.+?) \|", re.MULTILINE)
NAMED = re.compile(r"`([^`]+)`")
YAML_BLOCK = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
METHODS = ("GET", "POST", "PUT", "DELETE")
VERDICTS = (
    "ready", "sending", "running", "confirmed", "skipped", "failed", "unknown", "superseded", "sent",
    "notTaken",
)  # fmt: skip


def text(document: Path) -> str:
    return document.read_text(encoding="utf-8")


def named_in_rows(part: str) -> set[str]:
    """What stands between backticks in the first column of a table."""
    return {name for row in ROW.findall(part) for name in NAMED.findall(row)}


def section(document: Path, heading: str) -> str:
    return text(document).partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    missing = [to for to in LINK.findall(text(document)) if not (document.parent / to).exists()]
    assert missing == []


KEYS = {
    "Room": None,
    "Device": "DeviceFile",
    "Source": "SourceFile",
    "Destination": "DestinationFile",
    "Microphone": "MicrophoneFile",
    "Pair": "PairFile",
    "Scene": "SceneFile",
    "Parameter": "ParameterFile",
    "Choice": "ChoiceFile",
}


@pytest.mark.parametrize("heading", KEYS)
def test_the_room_file_is_described_key_by_key(heading: str) -> None:
    schema = room_schema()
    name = KEYS[heading]
    keys = schema if name is None else schema["$defs"][name]
    if name == "DeviceFile":
        keys = schema["$defs"]["visca device"]
    first_table = section(DOCS / "room-file.md", heading).partition("\n\n| `url` |")[0]
    assert named_in_rows(first_table.partition("\n\nWhat a target")[0]) == set(keys["properties"])


@pytest.mark.parametrize("name", names())
def test_each_driver_has_a_page_with_all_its_settings(name: str) -> None:
    page = text(DOCS / "drivers" / f"{name}.md")
    own = set(driver(name).Settings.model_fields) - set(DriverSettings.model_fields)
    assert own <= set(NAMED.findall(page))
    assert f"[{name}]({name}.md)" in text(DOCS / "drivers" / "README.md")


def test_every_fault_of_the_simulators_is_described() -> None:
    assert named_in_rows(section(DOCS / "simulators.md", "Faults")) == set(FAULTS)


def test_the_page_of_the_api_has_all_of_it() -> None:
    app = FastAPI()
    add_routes(app)
    there = {
        f"{method.upper()} {path}"
        for path, methods in app.openapi()["paths"].items()
        for method in methods
    }
    said = named_in_rows(text(DOCS / "api.md"))
    assert {name for name in said if name.partition(" ")[0] in METHODS} == there


def test_commands_in_the_documents_are_commands() -> None:
    told = "\n".join(text(document) for document in DOCUMENTS)
    shown = set(re.findall(r"(?:bin/|`)avctl ([a-z-]+)", told))
    commands = get_command(cli)
    assert isinstance(commands, TyperGroup)
    assert shown <= set(commands.commands)


def test_the_guide_has_the_panels_own_words() -> None:
    panel = text(ROOT / "service" / "panel" / "terms.js")
    chinese, _, english = text(DOCS / "guide.md").partition("\n# English\n")
    for key in VERDICTS:
        term = re.search(rf'^  {key}: \["(.+?)", "(.+?)"\]', panel, re.MULTILINE)
        assert term, key
        assert f"| {term[1]}" in chinese or f"、{term[1]} |" in chinese
        assert f"| {term[2]}" in english or f", {term[2]} |" in english


def test_the_rooms_pieces_in_the_readme_are_the_demos() -> None:
    room = _yaml(text(ROOT / "examples" / "demo" / "room-19.yaml"))
    pieces = [_yaml(piece) for piece in YAML_BLOCK.findall(text(ROOT / "README.md"))]
    assert pieces
    for piece in pieces:
        assert _is_part(piece, room), piece


def _yaml(said: str) -> Any:
    return YAML(typ="safe").load(said)


def _is_part(piece: Any, whole: Any) -> bool:
    if isinstance(piece, Mapping):
        return isinstance(whole, Mapping) and all(
            key in whole and _is_part(value, whole[key]) for key, value in piece.items()
        )
    return bool(piece == whole)
