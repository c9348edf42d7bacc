"""The settable quirks of one device, read from its options."""

from collections.abc import Mapping

from hw_sim.extron_sis.models import PANEL_LINE, PANEL_QIK, Model

OPTIONS = {
    "inputs": "number of inputs, instead of the model's",
    "outputs": "number of outputs, instead of the model's",
    "password": "administrator's password over the LAN (default none, and no prompt)",
    "user_password": "user's password over the LAN (default none)",
    "idle_seconds": "seconds of silence after which a LAN client is hung up on; 0 never (default 300)",
    "boot_seconds": "seconds from power to the banner (default 20)",
    "max_clients": "LAN clients at a time (default 200)",
    "telnet": "negotiate telnet options at connect (default: the model's)",
    "banner": "text between the CR LFs of the banner; empty for no banner and no date",
    "banner_late": "seconds from connect to banner and password prompt (default 0)",
    "copyright_sign": "write the (c) of the banner as byte A9 (default false)",
    "firmware": "version that Q answers (default 1.23)",
    "mute_form": "star for Vmt04*1, space for the older Vmt04 1 (default star)",
    "size_letters": "letters of video and audio in the answer to I (default VA, some have MM)",
    "panel_notice": "what a tie at the panel announces: qik or line (default: the model's)",
    "recall_notice": "what a recall at the panel announces: rpr, qik or both (default rpr)",
    "echo": "send back every byte, as echoing terminal servers do (default false)",
    "foreign_line": "a line said ahead of every answer, as if a panel were touched meanwhile",
}
MUTE_MARKS = {"star": "*", "space": " "}


class Knobs:
    """Raises ValueError for a value that has no meaning. Values may be text, as from a command line."""

    def __init__(self, model: Model, options: Mapping[str, object]) -> None:
        self._options = options
        self.inputs = int(self._text("inputs", model.inputs))
        self.outputs = int(self._text("outputs", model.outputs))
        self.idle_seconds = float(self._text("idle_seconds", 300))
        self.boot_seconds = float(self._text("boot_seconds", 20))
        self.max_clients = int(self._text("max_clients", 200))
        self.telnet = self._flag("telnet", model.telnet)
        self.banner_late = float(self._text("banner_late", 0))
        self.firmware = self._text("firmware", "1.23")
        self.mute_mark = MUTE_MARKS[self._choice("mute_form", "star", tuple(MUTE_MARKS))]
        self.size_letters = self._text("size_letters", "VA")
        self.panel_notice = self._choice("panel_notice", model.panel, (PANEL_QIK, PANEL_LINE))
        self.recall_notice = self._choice("recall_notice", "rpr", ("rpr", "qik", "both"))
        self.echo = self._flag("echo", False)
        self.foreign_line = self._text("foreign_line", "")
        self.banner = self._banner(model)
        self._passwords = {
            "Administrator": self._text("password", ""),
            "User": self._text("user_password", ""),
        }

    @property
    def asks_password(self) -> bool:
        return any(self._passwords.values())

    def level_of(self, password: str) -> str:
        """Administrator, User, or nothing for a wrong password."""
        levels = (level for level, right in self._passwords.items() if right and right == password)
        return next(levels, "")

    def _banner(self, model: Model) -> bytes:
        sign = "\xa9" if self._flag("copyright_sign", False) else "(c)"
        usual = f"{sign} Copyright 2012, Extron Electronics, {model.name}, V{self.firmware}, {model.part}"
        text = self._text("banner", usual)
        return f"\r\n{text}\r\n".encode("latin-1", "replace") if text else b""

    def _text(self, name: str, default: object) -> str:
        return str(self._options.get(name, default))

    def _flag(self, name: str, default: bool) -> bool:
        return self._choice(name, str(default).lower(), ("true", "false")) == "true"

    def _choice(self, name: str, default: str, choices: tuple[str, ...]) -> str:
        chosen = self._text(name, default).lower()
        if chosen not in choices:
            raise ValueError(f"{name} is {' or '.join(choices)}, not {chosen!r}")
        return chosen
