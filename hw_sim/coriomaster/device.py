"""The CORIOmaster itself: its settings, its one client, its power."""

from collections.abc import Mapping
from typing import ClassVar, cast

from hw_sim.coriomaster.session import Session
from hw_sim.coriomaster.wall import NOTHING, Cancellable, Pane, Preset, Wall, Window
from hw_sim.simulator import Port, Simulator

PRODUCTS = {"coriomaster": "CORIOmaster - CORIOmax", "calico": "CALICO PRO - CORIOmax"}
BANNER = (
    "// ===================\r\n//  {product}\r\n// ===================\r\n"
    "// Command Interface Ready\r\nPlease login. Use 'login(username,password)'\r\n"
)
BLINK = 0.2  # seconds from the word that it reboots to the hang-up
BUSY = 5.0  # seconds a busy device takes to answer, unless the fault says otherwise
HALF = {"width": 0.5, "height": 0.5}

INPUTS = tuple(f"Slot{slot}.In{number}" for slot in range(1, 5) for number in (1, 2))
CANVASES: Mapping[str, object] = {"Canvas1": (2560, 1440)}
WINDOWS: Mapping[int, object] = {
    1: {"input": "Slot3.In1", **HALF},
    2: {"input": "Slot3.In2", "x": 0.5, **HALF},
    3: {"input": "Slot1.In1", "y": 0.5, **HALF},
    4: {"input": "Slot1.In2", "x": 0.5, "y": 0.5, **HALF},
}
AWAY = {"zorder": 0}
FRONT = {"zorder": 15}
PRESETS: Mapping[int, object] = {
    1: {
        "name": "Sharing-Standard",
        "windows": {
            1: {"x": 0.0, "y": 0.0, "width": 1.0, "height": 1.0, **FRONT},
            **dict.fromkeys((2, 3, 4), AWAY),
        },
    },
    2: {
        "name": "Standard-4-Screen",
        "windows": {
            1: {"x": 0.0, "y": 0.0, **HALF, **FRONT},
            2: {"x": 0.5, "y": 0.0, **HALF, **FRONT},
            3: {"x": 0.0, "y": 0.5, **HALF, **FRONT},
            4: {"x": 0.5, "y": 0.5, **HALF, **FRONT},
        },
    },
    3: {
        "name": "Standard-10-Screen",
        "windows": {
            1: {"x": 0.0, "y": 0.0, "width": 0.75, "height": 1.0, **FRONT},
            **{
                number: {"x": 0.75, "y": (number - 2) / 3, "width": 0.25, "height": 1 / 3, **FRONT}
                for number in (2, 3, 4)
            },
        },
    },
    11: {"name": "Clear", "windows": dict.fromkeys((1, 2, 3, 4), AWAY)},
}
SECOND_CLIENT = ("refuse", "close", "mute")
READS = ("delayed", "old", "mixed")


class CorioMaster(Simulator):
    """A CORIOmaster or, with batches and fades, a CALICO. It talks to one TCP client at a time.

    The language has no word for a full buffer and no address on the line: the faults ``buffer_full`` and
    ``wrong_address`` are without effect. Busy, the device answers late.
    """

    driver = "coriomaster"
    models = ("coriomaster", "calico")
    baud = 115200
    options: ClassVar[Mapping[str, str]] = {
        "presets": "number → {name, canvas, time, settle, windows: number → {input, x, y, ...}}",
        "windows": "number → {input, canvas, alias, x, y, width, height, zorder}, in fractions",
        "canvases": "name → [width, height] in pixels",
        "layouts": "names of layouts",
        "inputs": "names of inputs, as Slot3.In1",
        "user": "who may log in",
        "password": "the password for that",
        "serial_login": "whether the serial port asks for a login too",
        "banner": "the whole greeting, for another product",
        "banner_delay": "seconds from a connection to the greeting",
        "banner_chunks": "in how many segments the greeting comes",
        "banner_gap": "seconds between two of them",
        "second_client": "what becomes of a second client: refuse, close (a little later) or mute",
        "idle_seconds": "how long a client may be silent; 0 for ever",
        "settle_seconds": "from the take of a preset to the wall that shows it",
        "reads_while_settling": "reads of windows meanwhile: delayed, old or mixed",
        "tree_delay": "seconds that every reply of several lines takes",
        "event_inside": "text of an !Event between the lines of every reply of several lines",
        "events": "whether a change from elsewhere is told as !Event",
        "boot_seconds": "how long a reboot takes",
        "boot_preset": "the preset that the device starts with, 0 for none",
        "serial_number": "what it says it is",
        "software_version": "what it says it runs",
    }

    def set_up(self) -> None:
        super().set_up()
        self._read_layout()
        self._read_manners()
        self.sessions: list[Session] = []
        self._boot: Cancellable | None = None
        self._start()
        self.faults.changed.append(self._faults_changed)

    def _read_layout(self) -> None:
        canvases = cast("Mapping[str, tuple[int, int]]", self.settings.get("canvases", CANVASES))
        self.canvases = {name: (int(size[0]), int(size[1])) for name, size in canvases.items()}
        self.inputs = tuple(map(str, cast("tuple[str, ...]", self.settings.get("inputs", INPUTS))))
        self.layouts = tuple(map(str, cast("tuple[str, ...]", self.settings.get("layouts", ()))))
        own = "windows" not in self.settings
        windows = cast("Mapping[int, object]", self.settings.get("windows", WINDOWS))
        self._panes = {int(number): Pane.given(pane) for number, pane in windows.items()}
        presets = self.settings.get("presets", PRESETS if own else {})
        self.presets = {
            int(number): Preset.given(preset)
            for number, preset in cast("Mapping[int, object]", presets).items()
        }
        for change in (
            *windows.values(),
            *(c for p in self.presets.values() for c in p.windows.values()),
        ):
            source = cast("Mapping[str, object]", change).get("input", NOTHING)
            if source not in (*self.inputs, NOTHING):
                raise ValueError(f"no input {source}")

    def _read_manners(self) -> None:
        self.users = {
            str(self.settings.get("user", "admin")): str(self.settings.get("password", "adminpw"))
        }
        self.serial_login = bool(self.settings.get("serial_login", True))
        self.serial_number = str(self.settings.get("serial_number", "2218031005149"))
        self.software_version = str(self.settings.get("software_version", "V1.30701.P4 Master"))
        self.banner_delay = self._seconds("banner_delay", 0.2)
        self.banner_gap = self._seconds("banner_gap", 0.1)
        self.idle_seconds = self._seconds("idle_seconds", 300)
        self.settle_seconds = self._seconds("settle_seconds", 3)
        self.tree_delay = self._seconds("tree_delay", 0)
        self.second_client = self._one_of("second_client", SECOND_CLIENT)
        self.event_inside = str(self.settings.get("event_inside", ""))
        self._delays_reads = self._one_of("reads_while_settling", READS) == "delayed"

    def _seconds(self, name: str, default: float) -> float:
        return float(cast("float", self.settings.get(name, default)))

    def _one_of(self, name: str, choices: tuple[str, ...]) -> str:
        choice = str(self.settings.get(name, choices[0]))
        if choice not in choices:
            raise ValueError(f"{name} is {', '.join(choices)}, not {choice}")
        return choice

    def converse(self, port: Port) -> Session:
        return Session(self, port)

    # What a connection asks.

    def taken(self) -> bool:
        """Whether the one client that the device talks to over TCP is there."""
        return any(session.port.kind != "serial" for session in self.sessions)

    def greeting(self) -> list[bytes]:
        """The banner in as many segments as it comes in."""
        default = BANNER.format(product=PRODUCTS[self.model])
        banner = str(self.settings.get("banner", default)).encode()
        length = -(-len(banner) // max(1, int(self._seconds("banner_chunks", 2))))
        return [banner[start : start + length] for start in range(0, len(banner), length)] or [b""]

    def thinks(self, *, slow: bool) -> float:
        """Seconds until the device answers; ``slow`` for what waits until the wall is settled."""
        busy = self.faults.value("busy", BUSY)
        wait = busy if self.faults.strikes("busy") else 0.0
        return max(wait, self.wall.left) if slow and self._delays_reads else wait

    # The room.

    def windows(self) -> list[Window]:
        """What the wall shows now, the hindmost window first; those behind the background are not seen."""
        return [] if self._boot else self.wall.windows()

    def truth(self) -> dict[str, object]:
        return {
            "preset": self.last_preset,
            "settling": self.wall.settling,
            "windows": {
                str(number): {
                    "input": pane.input,
                    "canvas": pane.canvas,
                    "x": pane.x,
                    "y": pane.y,
                    "width": pane.width,
                    "height": pane.height,
                    "zorder": pane.zorder,
                    "ftb": pane.ftb,
                }
                for number in self.wall
                for pane in [self.wall.shown(number)]
            },
            "booting": self._boot is not None,
            "clients": [session.port.peer for session in self.sessions],
            "users": [session.user for session in self.sessions],
        }

    # What changes.

    def take(self, number: int) -> None:
        """Begin to show a preset: accepted now, shown once it has settled."""
        preset = self.presets[number]
        self.last_preset = number
        settle = self.settle_seconds if preset.settle is None else float(preset.settle)
        self.wall.take(preset.windows, settle)

    def event(self, text: str) -> None:
        """Say something unasked to whoever is logged in. The wording of real events is not documented."""
        for session in list(self.sessions):
            session.event(text)

    # Power.

    def _start(self) -> None:
        """Show what the device shows after power-up."""
        reads = self._one_of("reads_while_settling", READS)
        self.wall = Wall(self.clock, self._panes, reads)
        first = min(self.presets, default=0)
        self.last_preset = int(cast("int", self.settings.get("boot_preset", first)))
        if self.last_preset and self.last_preset not in self.presets:
            raise ValueError(f"no preset {self.last_preset} to start with")
        if self.last_preset:
            self.wall.take(self.presets[self.last_preset].windows, 0)

    def starting(self) -> bool:
        """Whether the device boots, or a fault has it so."""
        return self.faults.strikes("rebooting") or self._boot is not None

    def restart_soon(self) -> None:
        """Reboot by command: the answer still goes out."""
        self.clock.later(BLINK, self.reboot)

    def reboot(self) -> None:
        if self._boot:
            self._boot.cancel()
        self._boot = self.clock.later(self._seconds("boot_seconds", 60), self._ready)
        self.wall.stop()
        self._hang_up()

    def _hang_up(self) -> None:
        for session in list(self.sessions):
            session.restart()

    def _faults_changed(self) -> None:
        if self.faults.on("rebooting") and not self.faults.counted("rebooting"):
            self._hang_up()

    def _ready(self) -> None:
        self._boot = None
        self._start()

    # What a person does at another controller or at the unit's own web page.

    def press_preset(self, number: int) -> None:
        if number not in self.presets:
            raise ValueError(f"no preset {number}")
        self.take(number)
        self._tell(f"Preset.Take = {number}")

    def press_source(self, window: int, input: str) -> None:
        if window not in self.wall or input not in (*self.inputs, NOTHING):
            raise ValueError(f"no window {window} with input {input!r}")
        self.wall.put(window, "input", input)
        self._tell(f"Window{window}.Input = {input}")

    def _tell(self, change: str) -> None:
        if self.settings.get("events", True):
            self.event(change)
