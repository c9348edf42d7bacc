"""The service as a whole: its description, health, figures, rooms, and the panel's files."""

import asyncio

import pytest

from service.journal import JournalError
from service.routes.panel import policy
from service.settings import Settings
from tests.served import API
from tests.service.house import house

pytestmark = pytest.mark.virtual

OPERATIONS = {
    "accept_identity",
    "acknowledge_alarm",
    "add_ledger_item",
    "add_person",
    "add_photo",
    "add_token",
    "answer_look",
    "answer_run",
    "approve_report",
    "arm_pair",
    "begin_factor",
    "begin_meeting",
    "bind_panel",
    "break_off_warm_up",
    "change_over",
    "change_password",
    "change_person",
    "check_report",
    "close_incident",
    "close_inspection",
    "confirm_factor",
    "draft_ledger_import",
    "drive_camera",
    "drop_factor",
    "drop_persons_factor",
    "end_meeting",
    "enter_pin",
    "export_ledger",
    "get_alarm",
    "get_device",
    "get_incident",
    "get_inspection",
    "get_inspection_photo",
    "get_latency",
    "get_ledger_import",
    "get_ledger_item",
    "get_live_meeting",
    "get_meeting",
    "get_metrics",
    "get_month",
    "get_picture",
    "get_preview_file",
    "get_register",
    "get_report",
    "get_report_file",
    "get_room",
    "get_run",
    "get_schedule",
    "get_session",
    "get_site",
    "get_state",
    "get_warm_up",
    "get_warm_up_picture",
    "get_warm_up_samples",
    "is_alive",
    "is_healthy",
    "is_ready",
    "link_incident",
    "list_access",
    "list_alarms",
    "list_channels",
    "list_devices",
    "list_drills",
    "list_incidents",
    "list_inspections",
    "list_journal",
    "list_latest_warm_ups",
    "list_ledger",
    "list_meetings",
    "list_pairs",
    "list_panels",
    "list_people",
    "list_pin_holders",
    "list_planned",
    "list_report_entries",
    "list_report_kinds",
    "list_reports",
    "list_roles",
    "list_rooms",
    "list_runs",
    "list_scenes",
    "list_tokens",
    "list_warm_ups",
    "log_in",
    "log_out",
    "log_out_everywhere",
    "log_person_out",
    "make_report",
    "note_ledger_event",
    "note_ledger_facts",
    "note_meeting",
    "open_incident",
    "plan_scene",
    "plan_scene_with",
    "preview_report",
    "reopen_incident",
    "repair_incident",
    "reset_pair",
    "respond_to_incident",
    "return_report",
    "revoke_panel",
    "revoke_token",
    "run_now",
    "set_attendance",
    "set_own_pin",
    "set_password",
    "set_point",
    "set_up",
    "skip_due",
    "start_drill",
    "start_inspection",
    "start_inspections",
    "start_warm_up",
    "stop_camera",
    "store_camera_preset",
    "store_scene",
    "stream_events",
    "submit_report",
    "take_ledger_import",
    "take_scene",
    "try_channel",
    "verify_chain",
    "write_report_texts",
}


@pytest.fixture(autouse=True)
def passwords(monkeypatch):
    monkeypatch.setenv("AVCTL_HALL_WALL_PASSWORD", "adminpw")


async def test_the_description_names_every_operation_as_before():
    async with house(up=False) as here:
        schema = (await here.client.get(f"{API}/openapi.json")).json()
        operations = [op for path in schema["paths"].values() for op in path.values()]
        assert {op["operationId"] for op in operations} == OPERATIONS
        assert "HTTPValidationError" not in str(schema)


async def test_every_answer_that_is_not_good_is_described_as_a_problem():
    async with house(up=False) as here:
        paths = here.app.openapi()["paths"]
        for path in paths.values():
            for operation in path.values():
                for status, answer in operation["responses"].items():
                    if status >= "400" and answer.get("content"):
                        assert list(answer["content"]) == ["application/problem+json"], operation


async def test_a_room_is_told_with_all_that_stands_in_it():
    async with house() as here:
        room = (await here.client.get(f"{API}/rooms/19")).json()
        camera = next(d for d in room["devices"] if d["device"] == "podium-camera")
        assert camera["title"] == {"zh": "讲台摄像机", "en": "Podium camera"}
        assert camera["up"]
        assert camera["reason"] == ""
        assert "camera" in camera["capabilities"]
        assert "preset" in camera["words"]
        assert camera["presets"]["speaker"] == 2
        assert camera["picture"] == f"{API}/rooms/19/pictures/podium-camera.jpg"
        assert all(point["age"] >= 0 for point in camera["points"] if point["age"] is not None)
        sources = {to["destination"]: to["source"] for to in room["destinations"]}
        assert sources == {
            "far-end": "panorama-camera",
            "wall-input": "podium-camera",
            "projector": "laptop",
        }
        scene = next(s for s in room["scenes"] if s["scene"] == "speaker-close-up")
        assert scene["steps"] >= 4
        assert scene["title"]["zh"]
        one = (await here.client.get(f"{API}/rooms/19/devices/podium-camera")).json()
        assert one["device"] == "podium-camera"


async def test_a_device_that_is_away_says_why():
    async with house() as here:
        here.simulator("mixer").faults.set("cut", True)
        await here.until(lambda: not here.room.devices["mixer"].up)
        mixer = (await here.client.get(f"{API}/rooms/19/devices/mixer")).json()
        assert not mixer["up"]
        assert mixer["reason"]
        site = (await here.client.get(f"{API}/site")).json()
        assert not site["rooms"][0]["up"]


async def test_how_long_a_scene_takes_is_learnt():
    async with house() as here:
        take = f"{API}/rooms/19/scenes/show-laptop/take"
        run = (await here.client.post(take, params={"wait": 10})).json()
        scenes = (await here.client.get(f"{API}/rooms/19/scenes")).json()["scenes"]
        expected = {scene["scene"]: scene["expected"] for scene in scenes}
        assert 0 < expected["show-laptop"] <= run["duration"]
        runs = (await here.client.get(f"{API}/rooms/19/runs")).json()["runs"]
        assert runs == [run]


async def test_figures_are_counted_without_runs_or_people():
    async with house() as here:
        take = f"{API}/rooms/19/scenes/show-laptop/take"
        run = await here.client.post(take, params={"wait": 10}, headers={"X-Panel": "somebody"})
        mixer = here.simulator("mixer")
        mixer.faults.set("cut", True)
        await here.until(lambda: not here.room.devices["mixer"].up)
        mixer.faults.clear("cut")
        await here.until(lambda: here.room.devices["mixer"].up, 120)
        text = (await here.client.get("/metrics")).text
        outcome = 'outcome="confirmed",room="19",scene="show-laptop"'
        assert f"avctl_scene_runs_total{{{outcome}}} 1.0" in text
        assert 'avctl_scene_duration_seconds_count{room="19",scene="show-laptop"} 1.0' in text
        assert 'avctl_device_up{device="matrix",driver="extron_sis",room="19"} 1.0' in text
        assert 'avctl_device_reconnects_total{device="mixer",room="19"} 1.0' in text
        assert "avctl_loop_lag_seconds_count" in text
        assert "avctl_build_info{" in text
        assert run.json()["run"] not in text
        assert "somebody" not in text


async def test_a_journal_that_does_not_keep_is_not_ready_but_alive(monkeypatch):
    async with house(up=False) as here:
        for path in ("/livez", "/readyz", "/healthz"):
            answer = await here.client.get(path)
            assert (answer.status_code, answer.text) == (200, "ok\n")

        async def unreadable(*given):
            raise JournalError("the disk is gone")

        monkeypatch.setattr(here.journal, "page", unreadable)
        assert (await here.client.get("/livez")).status_code == 200
        for path in ("/readyz", "/healthz"):
            answer = await here.client.get(path)
            assert (answer.status_code, "disk is gone" in answer.text) == (503, True)


async def test_a_journal_that_cannot_be_read_is_a_problem(monkeypatch):
    async with house(up=False) as here:

        async def unreadable(*given):
            raise JournalError("the disk is gone")

        monkeypatch.setattr(here.journal, "page", unreadable)
        answer = await here.client.get(f"{API}/journal")
        assert (answer.status_code, answer.json()["code"]) == (503, "not-recorded")


async def test_a_fault_is_logged_and_told_without_its_text(monkeypatch):
    async with house(up=False) as here:

        async def faulty(*given):
            raise RuntimeError("a secret")

        monkeypatch.setattr(here.journal, "page", faulty)
        answer = await here.client.get(f"{API}/journal")
        assert (answer.status_code, answer.json()["code"]) == (500, "fault")
        assert "secret" not in answer.text


async def test_the_panel_is_served_as_browsers_want_it():
    async with house(up=False) as here:
        home = await here.client.get("/")
        assert (home.status_code, home.headers["location"]) == (307, "/panel/")
        page = await here.client.get("/panel/")
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert "script-src 'self'" in page.headers["content-security-policy"]
        assert "unsafe" not in page.headers["content-security-policy"]
        assert page.headers["x-content-type-options"] == "nosniff"
        module = await here.client.get("/panel/main.js")
        assert module.headers["content-type"] == "text/javascript; charset=utf-8"
        assert module.headers["cache-control"] == "no-cache"
        seen = {"If-None-Match": module.headers["etag"]}
        assert (await here.client.get("/panel/main.js", headers=seen)).status_code == 304


@pytest.mark.parametrize(
    "path", ["../settings.py", "..%2fsettings.py", "%2e%2e/app.py", "//etc/passwd", "a%00b"]
)
async def test_nothing_beside_the_panel_is_served(path):
    async with house(up=False) as here:
        answer = await here.client.get(f"/panel/{path}")
        assert answer.status_code == 404


def test_an_import_map_is_let_in_by_its_hash(tmp_path):
    (tmp_path / "index.html").write_text('<script type="importmap">{}</script><script src="a.js">')
    digest = "RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o="
    assert f"'sha256-{digest}'" in policy(tmp_path)


def test_settings_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("AVCTL_PORT", "9999")
    monkeypatch.setenv("AVCTL_HOSTS", "avctl.example, Other.example")
    settings = Settings()
    assert (settings.host, settings.port) == ("127.0.0.1", 9999)
    assert settings.hosts == ("avctl.example", "other.example")


async def test_a_site_stops_with_its_service():
    async with house() as here:
        devices = here.room.devices.values()
        assert all(device.up for device in devices)
    await asyncio.sleep(0)
    assert not here.parts.hub.clients
    assert not here.room._tasks
