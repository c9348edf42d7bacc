"""Inspecting a room from the command line, on a simulated device at a real end."""

from pathlib import Path

from tests.processes import simulated
from tests.system.command import avctl

HALL = """\
room: hall
title: Hall
devices:
  beamer: {{driver: pjlink, url: "{url}"}}
"""


def test_inspection_lists_what_it_found_and_ends_with_one_for_a_fault(tmp_path: Path) -> None:
    room = tmp_path / "hall.yaml"
    with simulated("pjlink", "--tcp", "127.0.0.1:0") as beamer:
        text = HALL.format(url=beamer.urls[0])
        text += '  gone: {driver: pjlink, url: "tcp://127.0.0.1:9"}\n'
        room.write_text(text, "utf-8")
        done = avctl("inspect", room)
    assert done.returncode == 1, done.stdout + done.stderr
    said = {words[1]: words[0] for line in done.stdout.splitlines() if (words := line.split())}
    assert said["beamer:link"] == "good"
    assert said["beamer:hours/lamp"] == "good"
    assert said["gone:link"] == "fault"
    assert said["tidy"] == "look"


def test_room_that_there_is_not_is_a_matter_of_configuration(tmp_path: Path) -> None:
    room = tmp_path / "hall.yaml"
    room.write_text(HALL.format(url="tcp://127.0.0.1:9"), "utf-8")
    done = avctl("inspect", room, "attic")
    assert done.returncode == 2
    assert "no room 'attic'" in done.stderr
