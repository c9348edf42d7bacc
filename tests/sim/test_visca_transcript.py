"""Every vector of the transcript that a camera can be tested with, in both directions."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hw_sim.visca.wire import nibbles
from tests.sim.visca_rig import ChainRig, Rig

TRANSCRIPT = Path(__file__).parent.parent / "transcripts" / "visca.json"
VECTORS = {vector["name"]: vector for vector in json.loads(TRANSCRIPT.read_text("utf-8"))}
MODEL_OF = {
    "common": "generic",
    "sony": "generic",
    "sony-x400": "brc-x400",
    "sony-x1000": "brc-x1000",
    "sony-360she": "srg-360she",
    "sony-fr7": "ilme-fr7",
    "sony-ack-examples": "generic",
    "ptzoptics": "ptzoptics",
    "oem": "minrray",
    "birddog": "generic",
}
MANUAL_FOCUS = "8101043803ff"
ACCEPTED = "9041ff9051ff"


def names(direction: str, transport: str, valid: bool = True) -> list[str]:
    return [
        name
        for name, vector in VECTORS.items()
        if (vector["direction"], vector["transport"], vector["valid"])
        == (direction, transport, valid)
    ]


# To the camera.

OTHERWISE = {
    "address_set": "883002ff",
    "if_clear_broadcast": "88010001ff",
    "if_clear_cam1": "9050ff",
    "cancel_socket1": "906105ff",
    "cancel_socket2": "906205ff",
    "example_focus_far_in_af": ACCEPTED,  # the test switches to manual focus first
    "menu_enter_sony": "906141ff",  # no menu is open
    "trace_brc300_upright_ok": ACCEPTED,
}


@pytest.mark.parametrize("name", names("to_camera", "serial"))
def test_camera_takes(name: str) -> None:
    vector = VECTORS[name]
    message = bytes.fromhex(vector["hex"])
    rig = Rig("ptzoptics" if name.startswith("trace_ptz") else MODEL_OF[vector["vendor"]])
    if message[1:4] in (b"\x01\x04\x08", b"\x01\x04\x48"):
        rig.ask(MANUAL_FOCUS)
    answer = rig.ask(vector["hex"], seconds=20.0)
    if message[1] == 0x09:
        assert answer.startswith("9050")
        assert len(answer) > 6
    else:
        assert answer == OTHERWISE.get(name, ACCEPTED)


@pytest.mark.parametrize("name", names("to_camera", "serial", valid=False))
def test_strict_camera_refuses(name: str) -> None:
    assert Rig().ask(VECTORS[name]["hex"]) == "906002ff"


@pytest.mark.parametrize("name", names("to_camera", "ip"))
def test_camera_takes_datagram(name: str) -> None:
    rig = Rig(kind="udp")
    sent = VECTORS[name]["hex"]
    sequence = sent[8:16]
    answer = rig.ask(sent, seconds=20.0)
    if sent.startswith("0200"):
        assert answer == f"02010001{sequence}01"
    elif sent[18:20] == "09":
        assert answer.startswith("0111")
        assert answer[8:20] == sequence + "9050"
    elif sent.endswith("81010001ff"):
        assert answer == f"01110003{sequence}9050ff"
    else:
        assert answer == f"01110003{sequence}9041ff01110003{sequence}9051ff"


REFUSED_DATAGRAMS = {
    "ip_pt_left_tilt0": "01110004000000b1906002ff",
    "ip_power_on_len_mismatch": "0111000400000000906001ff",
    "ip_inquiry_as_command_type": "02000002000000140f02",
}


@pytest.mark.parametrize("name", names("to_camera", "ip", valid=False))
def test_strict_camera_refuses_datagram(name: str) -> None:
    assert Rig(kind="udp").ask(VECTORS[name]["hex"]) == REFUSED_DATAGRAMS[name]


# From the camera: what has to happen for it to say just this.


def serial(
    *messages: str,
    model: str = "generic",
    after: float = 0.1,
    kind: str = "serial",
    **options: Any,
) -> str:
    """What the last message is answered with. The others have all the time they need."""
    rig = Rig(model, kind, **options)
    for message in messages[:-1]:
        rig.ask(message, seconds=20.0)
    return rig.ask(messages[-1], seconds=after)


def udp(*messages: str, **options: Any) -> str:
    return serial(*messages, kind="udp", **options)


def after_reboot(kind: str, **options: Any) -> str:
    rig = Rig(kind=kind, **options)
    rig.camera.reboot()
    return rig.heard(5.1)


def recalling() -> str:
    rig = Rig("srg-120dh")
    rig.camera.store(0, 90.0, 0.0, 0x1970 / 0x4000)
    for message in (
        *(MANUAL_FOCUS, "8101044802000000ff", "8101043802ff", "8101045803ff"),
        *("8101044701090700ff", "81017e010b0001ff"),
    ):
        rig.ask(message, seconds=10.0)
    rig.ask("8101043f0200ff")
    return rig.ask("81097e7e00ff")


def infrared() -> str:
    rig = Rig()
    rig.ask("81017d01030000ff")
    rig.camera.press_preset(0)
    return rig.heard()


def second_socket() -> str:
    rig = Rig()
    rig.ask("8101060201010000000000010000ff")
    return rig.ask("8101043302ff")


def third_command() -> str:
    rig = Rig()
    rig.ask("8101060201010000000000010000ff")
    rig.ask("8101044704000000ff")
    return rig.ask("8101043302ff")


def refused_with_one_running() -> str:
    rig = Rig()
    rig.ask("8101060201010000000000010000ff")
    return rig.ask("8101040802ff")


def cancelled() -> str:
    rig = Rig()
    rig.ask("8101060201010000000000010000ff")
    return rig.ask("8121ff")


def status_while_moving() -> str:
    rig = Rig()
    rig.ask("8101060201010001000000010000ff")
    return rig.ask("81090610ff")


def status_while_starting() -> str:
    rig = Rig(power="standby")
    rig.ask("8101040002ff")
    return rig.ask("81090610ff")


def late_ack() -> str:
    rig = Rig("ptzoptics")
    rig.camera.store(17, 170.0, 0.0, 0.0)
    assert rig.ask("8101043f0211ff", seconds=1.0) == ""
    return rig.heard(3.0)


ANSWERS: dict[str, Callable[[], str]] = {
    "address_set_reply_1_camera": lambda: ChainRig("generic").ask("883001ff"),
    "address_set_reply_3_cameras": lambda: ChainRig(*["evi-d70"] * 3).ask("883001ff"),
    "address_set_reply_7_cameras": lambda: ChainRig(*["evi-d70"] * 7).ask("883001ff", 1.0),
    "if_clear_broadcast_echo": lambda: serial("88010001ff"),
    "if_clear_cam1_reply": lambda: serial("81010001ff"),
    "network_change_cam1": lambda: after_reboot("serial"),
    "network_change_address0": lambda: after_reboot("tcp", emit_network_change=True),
    "err_canceled_socket1": cancelled,
    "err_no_socket_1": lambda: serial("8121ff", model="evi-d70"),
    "err_no_socket_0": lambda: serial("8121ff", model="brc-x400"),
    "ack_socket1": lambda: serial("8101043302ff", mute_completions=True),
    "completion_socket1": lambda: serial("8101043302ff", ack_policy="never"),
    "ack_socket2": lambda: second_socket()[:6],
    "completion_socket2": lambda: second_socket()[6:],
    "ack_cam2": lambda: serial("8101043302ff", reply_address=2, mute_completions=True),
    "completion_no_socket": lambda: serial("8101043302ff", ack_policy="never", socket_mode="zero"),
    "ack_completion_coalesced": late_ack,
    "err_message_length": lambda: serial("8101043302" + "00" * 20 + "ff"),
    "err_syntax": lambda: serial("8101ff"),
    "err_buffer_full": third_command,
    "err_not_executable_s1": lambda: serial("8101040802ff"),
    "err_not_executable_s2": refused_with_one_running,
    "err_not_executable_s0": lambda: serial("8101040802ff", model="ptzoptics"),
    "example_focus_mode_reply": lambda: serial("81090438ff"),
    "power_inq_reply_on": lambda: serial("81090400ff"),
    "power_inq_reply_standby": lambda: serial("8101040003ff", "81090400ff"),
    "zoom_inq_reply": lambda: serial("8101044704000000ff", "81090447ff"),
    "focus_pos_reply": lambda: serial("81090448ff"),
    "pt_pos_reply": lambda: serial("81010602181800000e000f0e090cff", "81090612ff"),
    "pt_pos_reply_20_20": lambda: serial(
        "810106021800" + "0f06030509000b030b00" + "ff", "81090612ff", model="ilme-fr7"
    ),
    "pt_status_reply_moving": status_while_moving,
    "pt_status_reply_done": lambda: serial("8101060218180001000000010000ff", "81090610ff"),
    "pt_status_reply_initializing": status_while_starting,
    "pt_maxspeed_reply": lambda: serial("81090611ff", model="srg-300h"),
    "memory_last_reply_none": lambda: serial("8109043fff"),
    "ae_inq_reply_shutter": lambda: serial("810104390aff", "81090439ff"),
    "ir_notify_memory": infrared,
    "version_reply_srg120dh": lambda: serial("81090002ff", model="srg-120dh"),
    "version_reply_evi_d70": lambda: serial("81090002ff", model="evi-d70"),
    "version_reply_everet_odd_sockets": lambda: serial(
        "81090002ff", version_reply="0003000228010d"
    ),
    "version_reply_everet_13_bytes": lambda: serial(
        "81090002ff", version_reply="0003013b0870052b056b"
    ),
    "lens_block_reply": lambda: serial("8101044704000000ff", "81097e7e00ff", model="srg-120dh"),
    "lens_block_reply_recalling": recalling,
    "trace_brc300_right_tilt0_reply": lambda: serial("8101060113000203ff"),
    "trace_ptzoptics_recall_17_ack": lambda: late_ack()[:6],
    "ip_reset_reply": lambda: udp("020000010000000001"),
    "ip_error_sequence": lambda: udp(*["010000050000000781010001ff"] * 2),
    "ip_error_message_type": lambda: udp("030000050000000781010001ff"),
    "ip_ack": lambda: udp("010000060000000381010433" + "02ff", mute_completions=True),
    "ip_completion": lambda: udp("010000060000000381010433" + "02ff", ack_policy="never"),
    "ip_error_bad_length_field": lambda: udp(
        "01000006000000028101040802ff", bad_length=True, error_socket="zero"
    ),
    "ip_pt_reply": lambda: udp(
        "0100000f00000005" + "81010602181800030402" + "0f0f050bff", "011000050000000681090612ff"
    ),
    "ip_zoom_reply_seq_d84f": lambda: udp("011000050000d84f81090447ff"),
    "ip_version_reply": lambda: udp("011000050000000181090002ff", version_reply="0003000228010d"),
    "ip_birddog_power_reply": lambda: udp("0110000500002f4a81090400ff"),
    "ip_birddog_focus_mode_reply": lambda: udp("0110000500002f5a81090438ff"),
    "ip_birddog_freeze_reply": lambda: udp("0110000500002f5b81090462ff"),
    "ip_birddog_zoom_position_reply": lambda: udp("0110000500002f5c81090447ff"),
    "ip_birddog_pt_position_reply": lambda: udp(
        "0100000f00000005" + "8101060218180f0e0706" + "0f0f0303ff", "0110000500002f5d81090612ff"
    ),
}
NOT_A_PLACE = "pt_pos_reply_20_16"  # its pan is beyond the end stop of the model


@pytest.mark.parametrize("name", ANSWERS)
def test_camera_says(name: str) -> None:
    assert ANSWERS[name]() == VECTORS[name]["hex"]


def test_every_answer_of_the_transcript_is_tested() -> None:
    said = {name for name, vector in VECTORS.items() if vector["direction"] == "from_camera"}
    assert said - set(ANSWERS) == {NOT_A_PLACE}


def test_twenty_bits_of_pan_and_sixteen_of_tilt_are_nibbles() -> None:
    data = nibbles(74565, 5) + nibbles(-21555, 4)
    assert f"9050{data.hex()}ff" == VECTORS[NOT_A_PLACE]["hex"]
