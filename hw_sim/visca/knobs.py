"""The quirks that can be switched on, as seen in the field, and how their values are read."""

from collections.abc import Mapping

OPTIONS: dict[str, str] = {
    "address": "the number on the rotary selector: 0 automatic (the default, 1 until Address Set), 1 to 7",
    "power": "at the start: on (the default) or standby",
    "envelope": "over UDP: auto (the default; header for Sony, bare for others), header or bare",
    "reply_to": "over UDP: where answers go, source or 52381 (the default of Sony models)",
    "sequence_mode": "strict (the default; at most once), echo_one (knows 1 to 3, answers 1) or ignore",
    "strict_header": "whether payload type and length are checked",
    "control_error_type": "payload type of 0F 01 and 0F 02: 0200 (the default) or 0201",
    "ack_policy": "of preset recalls: early, late (with the Completion) or never (of any command)",
    "complete_superseded": "whether a move that a newer one interrupts is completed",
    "socket_mode": "digits in replies: real, zero, one (always 1) or fresh (Completion names the other)",
    "mute_completions": "no Completion is ever sent",
    "mute_replies": "nothing is ever sent: wired to transmit only",
    "reuse_socket": "commands share socket 1, so two ACKs come before a Completion",
    "completion_order": "in_order (the default) or shuffled: quick commands take up to 0.25 s to complete",
    "reply_address": "answers come from this address, 0 to 7",
    "emit_network_change": "80 38 FF is said on TCP after start-up too",
    "error_socket": 'socket digit of "not executable": own, zero or random',
    "spurious_error_rate": "probability that a message makes a syntax error with nothing pending follow",
    "reject_zero_speed": "whether speed 0 is a syntax error; else it is the slowest",
    "loss": "probability that a datagram is lost, either way",
    "dup": "probability that a datagram is sent twice",
    "reorder": "probability that a datagram is overtaken by the next ones",
    "delay": "seconds by which every answer comes later",
    "bad_length": "the header of every reply gives 9 as its length",
    "udp_replies": "whether anything is answered over UDP",
    "idle_close_s": "TCP is closed after so many seconds of silence",
    "max_clients": "TCP connections beyond so many are closed at once",
    "cross_talk": "answers go to all TCP clients",
    "chunking": "of the bytes sent on serial and TCP: whole, single, coalesce or random",
    "standby_closes_tcp": "going to standby closes TCP and refuses it for so many seconds",
    "boot_s": "seconds without any answer after mains comes",
    "power_on_s": "seconds from power-on to ready, before the boot motion",
    "standby_poll_blocks_power_on": "in standby an inquiry other than power stops the next power-on",
    "ip_power_on": "whether power-on works over TCP and UDP",
    "power_lag_s": "seconds for which the power inquiry still gives the old state",
    "boot_motion": "at power-on the head runs to an end stop, to the centre, then to the boot preset",
    "boot_preset": "the preset taken up after power-on, or none",
    "menu_open": "the menu is open at the start",
    "unsupported_opcodes": "messages that begin so are syntax errors: hex, separated by commas",
    "preset_speed_at_rest_only": "a preset speed set while the head moves is ignored",
    "version_reply": "the version inquiry is answered with these bytes, in hex",
    "hang_after_n": "UDP is dead after so many datagrams, until the camera is started anew",
    "drop_rate": "probability that a message is not taken notice of",
    "home_bug": "Home stops 10 degrees short when it comes from the left",
    "empty_preset": "recall of a preset never set: home (Sony), stay (others) or refuse",
}

TRUE, FALSE = {"true", "yes", "on", "1"}, {"false", "no", "off", "0", "none", ""}


class Knobs:
    """Options as given: true values, or the text of a command line. Raises ValueError for what does not fit."""

    def __init__(self, given: Mapping[str, object]) -> None:
        self._given = given

    def flag(self, name: str, default: bool = False) -> bool:
        value = self._given.get(name)
        if value is None:
            return default
        text = str(value).lower()
        if text not in TRUE | FALSE:
            raise ValueError(f"{name} is true or false, not {value!r}")
        return text in TRUE

    def number(self, name: str, default: float = 0.0) -> float:
        value = self._given.get(name)
        if value is None:
            return default
        try:
            return float(str(value))
        except ValueError:
            raise ValueError(f"{name} is a number, not {value!r}") from None

    def integer(self, name: str, default: int | None = None) -> int | None:
        value = self._given.get(name)
        if value is None:
            return default
        if str(value).lower() == "none":
            return None
        try:
            return int(str(value))
        except ValueError:
            raise ValueError(f"{name} is a whole number, not {value!r}") from None

    def choice(self, name: str, *choices: str) -> str:
        """The value; the first of ``choices`` when none is given."""
        value = str(self._given.get(name) or choices[0]).lower()
        if value not in choices:
            raise ValueError(f"{name} is one of {', '.join(choices)}, not {value!r}")
        return value

    def hex(self, name: str) -> bytes | None:
        value = self._given.get(name)
        if value is None or isinstance(value, bytes):
            return value
        try:
            return bytes.fromhex(str(value))
        except ValueError:
            raise ValueError(f"{name} is hex, not {value!r}") from None

    def prefixes(self, name: str) -> tuple[bytes, ...]:
        try:
            parts = str(self._given.get(name) or "").split(",")
            return tuple(bytes.fromhex(part) for part in parts if part.strip())
        except ValueError:
            raise ValueError(f"{name} is hex, separated by commas") from None
