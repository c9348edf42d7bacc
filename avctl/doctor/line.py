"""What is wrong with a line, told from why it is down and from what it counts."""

import re
from dataclasses import dataclass

from avctl.device import Device
from avctl.errors import BusyError, NoAnswerError, RefusedError
from avctl.findings import Finding, Level

SLOW = 0.5  # seconds for an answer, from which a person notices
LOOKS = 3
LOSSY = 0.02  # part of the commands that stayed without an answer
OFTEN = 3  # losses


@dataclass(frozen=True, slots=True)
class Ailment:
    """A reason that a line gives, and what it means to a person."""

    sign: re.Pattern[str]
    about: str
    en: str
    zh: str
    todo_en: str
    todo_zh: str


def _ailment(sign: str, about: str, en: str, zh: str, todo_en: str, todo_zh: str) -> Ailment:
    return Ailment(re.compile(sign, re.IGNORECASE), about, en, zh, todo_en, todo_zh)


# The first whose sign is found counts.
AILMENTS = (
    _ailment(
        r"another controller is connected|too many connections|no room for",
        "line",
        "another program or panel holds the device, which takes one client only",
        "设备只允许一个客户端，已被其他程序或面板占用",
        "end the other connection, or restart the device",
        "断开另一连接，或重启设备",
    ),
    _ailment(
        r"is not trusted",
        "line",
        "something answers there that nobody said to trust, or that is not the device it was",
        "对方的证书或主机密钥未被信任，或与登记的不符",
        "compare the fingerprint with the device's own, and write it into its address: ?verify=…",
        "与设备自身显示的指纹核对后，写入地址：?verify=…",
    ),
    _ailment(
        r"does not agree on TLS",
        "line",
        "it speaks a TLS that is too old, or none at all",
        "对方的 TLS 版本过旧，或根本不是 TLS",
        "try ?ciphers=old, and check the port",
        "尝试 ?ciphers=old，并核对端口",
    ),
    _ailment(
        r"password|login|log in|does not take",
        "login",
        "it does not let us in",
        "登录被拒绝",
        "check user and password in the room file, or the environment variable named there",
        "检查房间文件中的用户名和密码，或其引用的环境变量",
    ),
    _ailment(
        r"no CORIOmaster|it is no |greets with|something that is no",
        "model",
        "something answers there, but it is another device",
        "该地址有应答，但不是这台设备",
        "compare the address and port with the device's own",
        "核对设备的地址和端口",
    ),
    _ailment(
        r"Errno 111\b|refused",
        "line",
        "its address answers, but nothing listens on that port",
        "地址可达，但该端口无服务",
        "check the port, and whether network control is switched on at the device",
        "检查端口号，以及设备是否开启了网络控制",
    ),
    _ailment(
        r"Errno 2\b|no such (file|port)",
        "line",
        "there is no such serial port on this machine",
        "本机没有这个串口",
        "plug the adapter in, and see `avctl ports` for the ports there are",
        "插好串口适配器，用 `avctl ports` 查看现有串口",
    ),
    _ailment(
        r"Errno 13\b|permission",
        "line",
        "this user may not open the port",
        "当前用户无权打开该端口",
        "add the user to the group that owns the port (dialout)",
        "将用户加入端口所属的组(dialout)",
    ),
    _ailment(
        r"exclusively lock|Errno 16\b|Errno 98\b|in use",
        "line",
        "another program on this machine holds the port",
        "本机另一程序占用了该端口",
        "end the other program",
        "结束占用端口的程序",
    ),
    _ailment(
        r"Errno -[23]\b|name or service|getaddrinfo|Temporary failure in name",
        "line",
        "nobody knows that host name",
        "无法解析该主机名",
        "write its address in numbers, or mend the name service",
        "改写为数字地址，或修复域名服务",
    ),
    _ailment(
        r"closed by the other end|reset by peer|Errno 104\b",
        "line",
        "it takes the connection and closes it again",
        "连接建立后即被对方关闭",
        "another client may hold it, or another device has that address",
        "可能已被其他客户端占用，或该地址是另一台设备",
    ),
    _ailment(
        r"Errno 11[03]\b|Errno 101\b|unreachable|no route|TimeoutError|timed out",
        "line",
        "nothing answers at its address",
        "该地址没有任何应答",
        "is it switched on, is its cable in, is the address right, is it the right network?",
        "检查电源、网线、地址，以及是否在同一网络",
    ),
)  # fmt: skip


def line_findings(device: Device) -> list[Finding]:
    """Whether the line is up, and what it counted since it was opened."""
    figures = device.link.figures
    if not device.up:
        return [_down(device)]
    found = []
    if figures.unknown:
        found.append(
            Finding(
                device.name, Level.WATCH, "line",
                f"it said {figures.unknown} things that the driver does not understand",
                f"它说了 {figures.unknown} 条驱动不懂的话",
                "noise on the cable, or a firmware we do not know: keep the wire with pytest --hil",
                "线路有干扰，或固件未知：可用 pytest --hil 记录线路内容",
            )
        )  # fmt: skip
    if figures.sent and figures.unanswered / figures.sent > LOSSY:
        found.append(
            Finding(
                device.name, Level.WATCH, "line",
                f"{figures.unanswered} of {figures.sent} commands stayed without an answer",
                f"{figures.sent} 条指令中有 {figures.unanswered} 条没有应答",
                "check the cable, and that nothing else talks to the device",
                "检查线缆，并确认没有其他程序同时与设备通信",
            )
        )  # fmt: skip
    if figures.losses >= OFTEN:
        found.append(
            Finding(
                device.name, Level.WATCH, "line",
                f"the line was lost {figures.losses} times",
                f"线路中断了 {figures.losses} 次",
                "check plugs and power",
                "检查接头和电源",
            )
        )  # fmt: skip
    return found


def _down(device: Device) -> Finding:
    """Why a device is not there: by what its line says, else by whether anything was ever heard."""
    reason, figures = device.reason.removeprefix(f"{device.name}: "), device.link.figures
    ailment = next((each for each in AILMENTS if each.sign.search(reason)), None)
    if ailment:
        return _fault(
            device, ailment.about, f"{ailment.en} ({reason})", f"{ailment.zh}({reason})",
            ailment.todo_en, ailment.todo_zh,
        )  # fmt: skip
    on_wire = device.link.address.scheme in ("serial", "rfc2217")
    baud = device.link.address.option("baud", "9600")
    if on_wire and figures.unknown:
        return _fault(
            device, "line",
            f"what comes is garbled ({figures.unknown} pieces): the baud rate may be wrong, it is set to {baud}",
            f"收到的内容是乱码({figures.unknown} 段)：波特率可能不对，当前为 {baud}",
            "set the rate that the device is set to: ?baud=…",
            "改为设备所设的波特率：?baud=…",
        )  # fmt: skip
    if on_wire and figures.last_heard is None:
        return _fault(
            device, "line",
            f"the port is open, but nothing ever comes from the device ({reason})",
            f"串口已打开，但设备没有任何回应({reason})",
            f"is it switched on; are sending and receiving crossed in the cable; is {baud} its baud rate?",
            f"检查电源、收发线是否接反、波特率 {baud} 是否正确",
        )  # fmt: skip
    if figures.last_heard is None:
        return _fault(
            device, "line",
            f"nothing ever comes from its address ({reason})",
            f"该地址从未有任何应答({reason})",
            "is it switched on, is its address right, is its network control switched on?",
            "检查电源、地址，以及设备是否开启了网络控制",
        )  # fmt: skip
    return _fault(
        device, "line", f"it is not reachable: {reason}", f"无法连接：{reason}",
        "switch it off and on, and look at its cable", "重启设备并检查线缆",
    )  # fmt: skip


def _fault(device: Device, about: str, en: str, zh: str, todo_en: str, todo_zh: str) -> Finding:
    return Finding(device.name, Level.FAULT, about, en, zh, todo_en, todo_zh)


async def pace_findings(device: Device) -> list[Finding]:
    """Whether answers come as fast as a person expects. Raises DeviceError when the line is lost."""
    known = [point for point in device.state if point.settable][:1]
    if not known:
        return []
    took = []
    for _ in range(LOOKS):
        began = device.clock.now()
        try:
            await device.read(known)
        except (BusyError, RefusedError):
            return []
        except NoAnswerError:
            if not device.up:
                raise
        took.append(device.clock.now() - began)
    median = sorted(took)[LOOKS // 2]
    if median <= SLOW:
        return []
    return [
        Finding(
            device.name, Level.WATCH, "pace",
            f"it answers slowly: {median:.1f} s for {known[0].key}",
            f"应答缓慢：{known[0].key} 用时 {median:.1f} 秒",
            "a busy network, a terminal server that gathers bytes, or a rate that is too low",
            "可能是网络繁忙、串口服务器攒包，或波特率过低",
        )
    ]  # fmt: skip
