"""R45, R47 and R48: names, paths, formulas and addresses that want to be something else."""

import io
import itertools
from typing import Any

import httpx
import openpyxl
import pytest

from avctl.config.files import DeviceFile
from avctl.testing import MemoryStream
from tests.rooms import DEMO
from tests.service.access.people import API, town
from tests.service.house import house

pytestmark = pytest.mark.virtual

FORMULAS = (
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(1;1)",
    "\t=1",
    '=HYPERLINK("http://x")',
    "{{7*7}}",
    "<script>",
    "#eval(1)",
)
JPEG = b"\xff\xd8\xff\xe0"


@pytest.fixture(autouse=True)
def passwords(monkeypatch):
    monkeypatch.setenv("AVCTL_HALL_WALL_PASSWORD", "adminpw")


def paths():
    ups = (
        "..",
        "%2e%2e",
        "%252e%252e",
        "..%2f..",
        "..%5c..",
        ".%2e",
        "....//",
        "..;",
        "\\..",
        "%c0%ae%c0%ae",
    )
    ends = ("etc/passwd", "settings.py", "journal.db", "records.db", "set-up-code", "app.py", "%00index.html", "", "vendor", "index.html%00.jpg")  # fmt: skip
    for up, end, deep in itertools.product(ups, ends, (1, 2, 4, 6, 9)):
        yield f"/panel/{'/'.join([up] * deep)}/{end}"


async def test_no_address_leads_out_of_the_panels_folder():
    async with house(up=False) as here:
        asked = list(paths())
        assert len(asked) == 500
        inside = {(await here.client.get("/panel/")).content}
        for path in asked:
            url = httpx.URL("http://127.0.0.1:8080").copy_with(raw_path=path.encode())
            answer = await here.client.get(url)
            found = answer.status_code == 200 and answer.content not in inside
            assert not found, path
            assert answer.status_code in (200, 307, 403, 404), (path, answer.status_code)
            where = answer.headers.get("location", "")
            assert where.startswith(("/", "http://127.0.0.1:8080/")) or not where, (path, where)
            assert not where.startswith("//"), path


async def test_a_name_that_is_a_formula_stays_a_name_in_a_workbook():
    async with town() as here:
        engineer = await here.logged_in("engineer")
        for number, text in enumerate(FORMULAS):
            body = {
                "name": f"thing-{number}",
                "title": {"zh": text, "en": text},
                "facts": {"supplier": text.strip()},
            }
            added = await engineer.post(f"{API}/ledger", json=body)
            assert added.status_code in (201, 422), added.text
        made = await engineer.get(f"{API}/ledger/export.xlsx")
        book = openpyxl.load_workbook(io.BytesIO(made.content))
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        told = {str(cell.value) for cell in cells if cell.data_type != "f"}
        assert not [cell.value for cell in cells if cell.data_type == "f"]
        assert not [cell.value for cell in cells if cell.hyperlink]
        assert told & set(FORMULAS)


PAYLOADS = (
    "INJECT\r%1POWR 0\r", "INJECT\n", "INJECT\0", "INJECTÿ", "1\rINJECT", "INJECT;1!", "INJECT\x1bQ",
    "＋１２INJECT", "-6 dB\rINJECT", "../INJECT", {"INJECT": 1}, ["INJECT"], "INJECT" * 50,
)  # fmt: skip


async def test_what_is_set_or_chosen_reaches_no_wire_unless_it_is_one_of_the_files_words(
    monkeypatch,
):
    sent = bytearray()
    write = MemoryStream.write

    def heard(self, data):
        sent.extend(data)
        write(self, data)

    monkeypatch.setattr(MemoryStream, "write", heard)
    async with house(only=None) as here:
        payloads = itertools.cycle(PAYLOADS)
        asked = 0
        for room in here.site.rooms.values():
            base = f"{API}/rooms/{room.name}"
            words = {
                "preset",
                "source",
                "layout",
                "fader",
                "gain",
                "mute",
                "muted",
                "power",
                "input",
                "dial",
                "focus",
            }
            for target, word in itertools.product(sorted(room.names.targets()), sorted(words)):
                body: dict[str, Any] = {"target": target, "word": word, "value": next(payloads)}
                answer = await here.client.post(f"{base}/set?wait=30", json=body)
                asked += answer.status_code == 422
                if answer.status_code != 422:  # the driver is asked, which says no before it sends
                    assert answer.json()["verdict"] == "failed", body
        seat = f"{API}/rooms/19/scenes/seat-close-up/take"
        for payload in PAYLOADS:
            body = {"arguments": {"seat": payload}}
            assert (await here.client.post(seat, json=body)).status_code == 422
        assert asked > 100
        assert sent
        assert b"INJECT" not in sent
        assert "１２".encode() not in sent


REFUSED = (
    "file:///etc/passwd", "ftp://camera/x.jpg", "gopher://camera/", "//camera/x.jpg", "camera/x.jpg", "javascript:1",
    "http:///x.jpg", "http://", "http://127.0.0.1/x.jpg", "http://[::1]/x.jpg", "http://localhost/x", "http://0.0.0.0/",
    "http://169.254.169.254/latest/meta-data", "http://[fe80::1]/x.jpg", "http://2130706433/", "http://0x7f.1/",
    "http://camera\r\nX: y/", "http://127.0.0.1:9@[::ffff:127.0.0.1]/", "http://224.0.0.1/x.jpg",
)  # fmt: skip


@pytest.mark.parametrize("url", REFUSED)
def test_a_picture_is_of_a_camera_and_not_of_this_machine_or_a_file(url):
    with pytest.raises(ValueError, match="picture"):
        DeviceFile(driver="visca", url="tcp://192.168.1.2:5678", picture=url)


def test_a_picture_of_a_camera_on_the_network_is_taken():
    for url in (
        "http://192.168.1.2/snapshot.jpg",
        "https://camera.example:8443/a?b=c",
        "http://[fd00::2]/x",
    ):
        assert DeviceFile(driver="visca", url="tcp://192.168.1.2:5678", picture=url).picture == url


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "http://192.168.1.2/", "exec:ls", "tcp://", "tcp://a:x"],
)
def test_a_device_is_at_the_end_of_a_line_and_of_nothing_else(url):
    with pytest.raises(ValueError, match=r"."):
        DeviceFile(driver="visca", url=url)


async def test_a_picture_is_fetched_from_where_the_file_says_and_nowhere_else():
    asked = []

    def camera(request):
        asked.append(str(request.url))
        return httpx.Response(302, headers={"Location": "http://169.254.169.254/secret"})

    async with house(up=False, cameras=httpx.MockTransport(camera)) as here:
        url = f"{API}/rooms/19/pictures/podium-camera.jpg"
        answer = await here.client.get(url, params={"url": "http://evil.example/"})
        assert (answer.status_code, answer.json()["code"]) == (502, "picture")
        assert len(asked) == 1
        assert asked[0] in (DEMO / "room-19.yaml").read_text(encoding="utf-8")


async def test_no_operation_takes_an_address_to_fetch():
    async with house(up=False) as here:
        schema = here.app.openapi()
        operations = [each for path in schema["paths"].values() for each in path.values()]
        asked = {field["name"] for each in operations for field in each.get("parameters", ())}
        for name, body in schema["components"]["schemas"].items():
            asked |= set(body.get("properties", ())) if name.endswith("Body") else set()
        assert not {"url", "uri", "address", "callback", "webhook", "picture"} & asked
