"""The quirks of one camera: what its model has, unless the options say otherwise."""

from hw_sim.visca.knobs import Knobs
from hw_sim.visca.models import Model


class LineQuirks:
    """The quirks of the camera's connections."""

    def __init__(self, knobs: Knobs, model: Model) -> None:
        envelope = knobs.choice("envelope", "auto", "header", "bare")
        self.header = model.header if envelope == "auto" else envelope == "header"
        self.strict_header = knobs.flag("strict_header", model.checks_header)
        self.sequence_mode = knobs.choice("sequence_mode", "strict", "echo_one", "ignore")
        error_type = knobs.choice("control_error_type", "0200", "0201")
        self.control_error_type = int(error_type, 16)
        self.bad_length = knobs.flag("bad_length")
        self.loss = knobs.number("loss")
        self.dup = knobs.number("dup")
        self.reorder = knobs.number("reorder")
        self.delay = knobs.number("delay")
        self.udp_replies = knobs.flag("udp_replies", True)
        self.hang_after = knobs.integer("hang_after_n")
        self.idle_close = knobs.number("idle_close_s")
        self.max_clients = knobs.integer("max_clients")
        self.cross_talk = knobs.flag("cross_talk")
        self.chunking = knobs.choice("chunking", "whole", "single", "coalesce", "random")
        self.closed_in_standby = knobs.number("standby_closes_tcp")
        default = "source" if model.replies_to is None else str(model.replies_to)
        where = knobs.choice("reply_to", default, "source", "52381")
        self.reply_port: int | None = None if where == "source" else int(where)


class AnswerQuirks:
    """The quirks of ACK, Completion and error."""

    def __init__(self, knobs: Knobs, model: Model) -> None:
        early = "late" if model.late_ack else "early"
        self.ack = knobs.choice("ack_policy", early, "early", "late", "never")
        self.completes_superseded = knobs.flag("complete_superseded", model.completes_superseded)
        digits = "one" if model.one_socket_digit else "real"
        self.digits = knobs.choice("socket_mode", digits, "real", "zero", "one", "fresh")
        self.reuses_socket = knobs.flag("reuse_socket")
        self.shuffles = knobs.choice("completion_order", "in_order", "shuffled") == "shuffled"
        self.no_completions = knobs.flag("mute_completions")
        self.no_replies = knobs.flag("mute_replies")
        self.address = knobs.integer("reply_address")
        own = "own" if model.own_error_socket else "zero"
        self.error_socket = knobs.choice("error_socket", own, "own", "zero", "random")
        self.spurious = knobs.number("spurious_error_rate")
        self.network_change_on_tcp = knobs.flag("emit_network_change")
        self.version = knobs.hex("version_reply")


class DeviceQuirks:
    """The quirks of what the camera does."""

    def __init__(self, knobs: Knobs, model: Model) -> None:
        self.address = knobs.integer("address") or 0
        if not 0 <= self.address <= 7:
            raise ValueError(f"address is 0 to 7, not {self.address}")
        self.power = knobs.choice("power", "on", "standby")
        self.rejects_zero_speed = knobs.flag("reject_zero_speed", model.rejects_zero_speed)
        self.unsupported = knobs.prefixes("unsupported_opcodes")
        self.drop_rate = knobs.number("drop_rate")
        self.boot_time = knobs.number("boot_s", model.boot_time)
        self.power_on_time = knobs.number("power_on_s", model.power_on_time)
        self.boot_motion = knobs.flag("boot_motion", model.boot_motion)
        self.boot_preset = knobs.integer("boot_preset", model.boot_preset)
        self.power_lag = knobs.number("power_lag_s")
        self.poll_blocks_power_on = knobs.flag("standby_poll_blocks_power_on")
        self.ip_power_on = knobs.flag("ip_power_on", True)
        self.menu_open = knobs.flag("menu_open")
        self.speed_at_rest = knobs.flag("preset_speed_at_rest_only")
        self.home_bug = knobs.flag("home_bug")
        empty = "home" if model.sony else "stay"
        self.empty_preset = knobs.choice("empty_preset", empty, "home", "stay", "refuse")
