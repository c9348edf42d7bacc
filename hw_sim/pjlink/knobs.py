"""What a projector is and which bad manners it has, read from its options."""

import re
from collections.abc import Iterable, Mapping
from typing import cast

from hw_sim import mains
from hw_sim.settings import Settings

INPUTS = ("11", "12", "21", "31", "32", "51")
KINDS = {"1": "RGB", "2": "VIDEO", "3": "DIGITAL", "4": "STORAGE", "5": "NETWORK", "6": "INTERNAL"}
SINGLE = ("no", "refuse", "mute", "drop_first")
OFF_WHILE_WARMING = ("err3", "remember", "ignore")
ON_WHILE_COOLING = ("err3", "ignore")
STUCK = ("no", "warming", "cooling")
STANDBY_QUERIES = ("NAME", "INST", "INPT", "POWR")

OPTIONS: Mapping[str, str] = {
    "password": "of up to 32 letters and digits; empty (default) for no security",
    "name": "what NAME answers (default Projector)",
    "latin1_name": "NAME is Latin-1, as some NEC send it, and not UTF-8",
    "manufacturer": "INF1 (default Simulated)",
    "product": "INF2 (default: the model)",
    "info": "INFO (default empty)",
    "serial": "SNUM (default SIM0001)",
    "version": "SVER (default 1.04.00)",
    "mac": "what search and link-up tell (default 00:1b:78:aa:bb:cc)",
    "inputs": f"the inputs (default {' '.join(INPUTS)})",
    "input_names": "input → what INNM answers (default RGB 1 and so on)",
    "signals": "inputs at which a signal is when no room says otherwise (default all)",
    "resolution": "IRES of any signal; * for unknown (default 1920x1080)",
    "native": "RRES (default 1920x1200)",
    "lamps": "hours of each lamp at the start, up to 8 (default [1234])",
    "dark_lamps": "numbers of the lamps that do not burn when it is on, from 1 (default none)",
    "no_lamp": "LAMP answers ERR1, as a laser's does",
    "lamp_parts": "RLMP, as a list (default ET-LAV400 ET-LAV400C)",
    "filter_hours": "FILT at the start, null for no filter (default 500)",
    "filter_parts": "RFIL, as a list (default empty)",
    "speaker": "false: SVOL answers ERR1",
    "microphone": "false: MVOL answers ERR1",
    "freeze": "false: FREZ answers ERR1",
    "separate_mute": "false: picture and sound are muted together only, others are ERR2",
    "warm_seconds": "from power-on to the full picture (default 30)",
    "cool_seconds": "from power-off to standby (default 90; 10 for a laser)",
    "switch_seconds": "that a change of input takes, ERR3 meanwhile (default 1.5)",
    "stuck": f"the state that is never left: {', '.join(STUCK)}",
    "off_while_warming": f"POWR 0 then: {', '.join(OFF_WHILE_WARMING)}",
    "on_while_cooling": f"POWR 1 then: {', '.join(ON_WHILE_COOLING)}",
    "no_warming_state": "POWR ? knows 0 and 1 only",
    "standby_err3": f"queries that are ERR3 in standby, of {' '.join(STANDBY_QUERIES)} (default INST INPT)",
    "silent_after_change_s": "seconds without any answer after a change of power or input (default 0)",
    "greeting_s": "seconds from connection to greeting (default 0)",
    "slow_reply_s": "seconds to each reply; what comes meanwhile is lost (default 0)",
    "idle_drop_s": "seconds after the greeting or a reply until the hang-up; 0 never (default 30)",
    "search_s": "the longest that a search waits for its answer (default 10)",
    "reply_lowercase": "replies in lower case",
    "nul_padding": "NUL bytes around what is said",
    "crlf": "lines end in CR LF",
    "class_text": "what CLSS answers instead of the digit, as 'Class 1'",
    "trailing_space_in_LAMP": "a blank after the last lamp",
    "lkup_before_reply": "%2LKUP on the TCP connection before each reply",
    "close_after_reply": "hangs up after each reply",
    "single_client": f"what becomes of a second client: {', '.join(SINGLE)}",
    "auth_reset_by_other_client": "another client's connection makes earlier digests worthless: ERRA",
    "wrong_digest_case_rejects": "a digest in upper case is wrong",
    "network_dead_until_mains_cycle": "seconds of running after which the network part dies (default never)",
    **mains.OPTIONS,
}  # fmt: skip


class Knobs:
    """Raises ValueError for a value that has no meaning."""

    def __init__(self, model: str, options: Mapping[str, object]) -> None:
        self._given, self._options = Settings(options), options
        laser = model == "laser"
        self.klass = 1 if model == "class1" else 2
        self.password = self._given.text("password", "")
        if not re.fullmatch("[A-Za-z0-9]{0,32}", self.password):
            raise ValueError("a password is of up to 32 letters and digits")
        self._read_identity(model)
        self._read_parts(laser)
        self._read_times(laser)
        self._read_manners()

    def _read_identity(self, model: str) -> None:
        self.name = self._given.text("name", "Projector")
        self.latin1_name = self._given.flag("latin1_name")
        self.manufacturer = self._given.text("manufacturer", "Simulated")
        self.product = self._given.text("product", model)
        self.info = self._given.text("info", "")
        self.serial = self._given.text("serial", "SIM0001")
        self.version = self._given.text("version", "1.04.00")
        self.mac = self._given.text("mac", "00:1b:78:aa:bb:cc")
        self.inputs = self._given.several("inputs", INPUTS)
        for each in self.inputs:
            if not re.fullmatch("[1-6][1-9A-Z]", each):
                raise ValueError(f"no input is called {each!r}")
        self.input_names = {each: f"{KINDS[each[0]]} {each[1]}" for each in self.inputs}
        given = cast("Mapping[object, object]", self._options.get("input_names", {}))
        self.input_names.update({str(each): str(name) for each, name in given.items()})
        self.signals = self._given.several("signals", self.inputs)
        self.resolution = self._given.text("resolution", "1920x1080")
        self.native = self._given.text("native", "1920x1200")

    def _read_parts(self, laser: bool) -> None:
        given = cast("Iterable[float]", self._options.get("lamps", (1234,)))
        self.lamps = [] if self._given.flag("no_lamp", laser) else [float(hours) for hours in given]
        if len(self.lamps) > 8:
            raise ValueError("a projector has 8 lamps at most")
        self.dark_lamps = {int(each) for each in self._given.several("dark_lamps", ())}
        self.lamp_parts = self._given.several("lamp_parts", ("ET-LAV400", "ET-LAV400C"))
        hours = self._options.get("filter_hours", None if laser else 500)
        self.filter_hours = None if hours is None else float(cast("float", hours))
        self.filter_parts = self._given.several("filter_parts", ())
        self.speaker = self._given.flag("speaker", True)
        self.microphone = self._given.flag("microphone", True)
        self.freeze = self._given.flag("freeze", True)
        self.separate_mute = self._given.flag("separate_mute", True)

    def _read_times(self, laser: bool) -> None:
        self.warm_seconds = self._given.number("warm_seconds", 30)
        self.cool_seconds = self._given.number("cool_seconds", 10 if laser else 90)
        self.switch_seconds = self._given.number("switch_seconds", 1.5)
        self.silent_seconds = self._given.number("silent_after_change_s", 0)
        self.greeting_seconds = self._given.number("greeting_s", 0)
        self.reply_seconds = self._given.number("slow_reply_s", 0)
        self.idle_seconds = self._given.number("idle_drop_s", 30)
        self.search_seconds = self._given.number("search_s", 10)
        self.network_seconds = self._given.number("network_dead_until_mains_cycle", 0)

    def _read_manners(self) -> None:
        self.stuck = self._given.choice("stuck", STUCK)
        self.off_while_warming = self._given.choice("off_while_warming", OFF_WHILE_WARMING)
        self.on_while_cooling = self._given.choice("on_while_cooling", ON_WHILE_COOLING)
        self.no_warming_state = self._given.flag("no_warming_state")
        self.standby_err3 = self._given.several("standby_err3", ("INST", "INPT"))
        if odd := set(self.standby_err3) - set(STANDBY_QUERIES):
            raise ValueError(f"standby_err3 is of {' '.join(STANDBY_QUERIES)}, not {min(odd)}")
        self.reply_lowercase = self._given.flag("reply_lowercase")
        self.nul_padding = self._given.flag("nul_padding")
        self.crlf = self._given.flag("crlf")
        self.class_text = self._given.text("class_text", str(self.klass))
        self.lamp_blank = self._given.flag("trailing_space_in_LAMP")
        self.lkup_before_reply = self._given.flag("lkup_before_reply")
        self.close_after_reply = self._given.flag("close_after_reply")
        self.single_client = self._given.choice("single_client", SINGLE)
        self.auth_reset = self._given.flag("auth_reset_by_other_client")
        self.strict_digest = self._given.flag("wrong_digest_case_rejects")
