"""What went wrong, told over HTTP: one table from errors to problem+json (RFC 9457), in both languages."""

import json
import logging
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from avctl.errors import (
    BusyError,
    DeviceError,
    LinkDownError,
    NoAnswerError,
    ProtocolError,
    RefusedError,
    TakeError,
)
from service.journal import JournalError
from service.operations.errors import ConflictError
from service.store.records import RecordsError

log = logging.getLogger("avctl.service")

MEDIA = "application/problem+json"
ECHOED = 200  # characters of what a caller wrote that are told back


@dataclass(frozen=True, slots=True)
class Kind:
    status: int
    title: str
    zh: str  # what goes before a detail that is in English


KINDS: Mapping[str, Kind] = {
    "bad-request": Kind(400, "Bad request", "请求有误"),
    "no-login": Kind(401, "Not logged in", "未登录"),
    "wrong-login": Kind(401, "Name, password or code is wrong", "登录信息不正确"),
    "code-needed": Kind(401, "A one-time code is needed", "需要动态验证码"),
    "forbidden": Kind(403, "Not allowed", "没有权限"),
    "must-change": Kind(403, "The password has to be changed first", "须先修改密码"),
    "pin-needed": Kind(403, "A PIN is needed", "需要 PIN"),
    "foreign-host": Kind(403, "Not a name of this service", "主机名不属于本服务"),
    "foreign-origin": Kind(403, "Not a page of this service", "请求来自其他网站"),
    "not-found": Kind(404, "Not found", "没有这个名称"),
    "not-allowed": Kind(405, "Method not allowed", "不支持此方法"),
    "too-slow": Kind(408, "The request did not arrive in time", "请求未能及时送达"),
    "held-back": Kind(409, "Cannot be taken", "场景不能执行"),
    "conflict": Kind(409, "Not as things stand", "与当前状态不符"),
    "read-only": Kind(409, "The site's files may not be written", "站点文件不可写"),
    "refused": Kind(409, "The device refused", "设备拒绝了指令"),
    "too-large": Kind(413, "The request is too large", "请求过大"),
    "not-json": Kind(415, "Send application/json", "请求须为 application/json"),
    "unfit": Kind(422, "The request does not fit", "请求内容不合适"),
    "weak-password": Kind(422, "Not a good password", "密码不符合要求"),
    "key-reused": Kind(422, "The key was used for something else", "幂等键已用于其他操作"),
    "too-many": Kind(429, "Too many attempts", "尝试次数过多"),
    "no-file": Kind(503, "The file cannot be made or found", "文件无法生成或已缺失"),
    "fault": Kind(500, "A fault in the service", "服务内部错误"),
    "picture": Kind(502, "No picture came", "未能取得画面"),
    "protocol": Kind(502, "The device broke its protocol", "设备应答不合协议"),
    "link-down": Kind(503, "The device is not reachable: nothing was sent", "设备未连接，指令未发出"),
    "busy": Kind(503, "The device is busy: nothing was done", "设备忙，指令未执行"),
    "not-recorded": Kind(503, "Not recorded in the journal", "日志未能记录"),
    "no-answer": Kind(504, "No answer from the device", "设备没有应答，结果未知"),
}  # fmt: skip

# The first that fits counts.
OF_ERRORS: tuple[tuple[type[Exception], str], ...] = (
    (LinkDownError, "link-down"),
    (NoAnswerError, "no-answer"),
    (RefusedError, "refused"),
    (BusyError, "busy"),
    (ProtocolError, "protocol"),
    (DeviceError, "no-answer"),
    (TakeError, "held-back"),
    (ConflictError, "conflict"),
    (JournalError, "not-recorded"),
    (RecordsError, "not-recorded"),
)
OF_STATUS = {400: "bad-request", 404: "not-found", 405: "not-allowed", 413: "too-large"}


@dataclass(eq=False)
class ApiError(Exception):
    """A refusal of the API itself."""

    code: str
    detail: str
    detail_zh: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


def unknown(what: str, what_zh: str, name: str, known: Iterable[str]) -> ApiError:
    """Nothing is called so; here is what there is."""
    there = ", ".join(known) or "none"
    return ApiError(
        "not-found",
        f"no {what} is called {_echo(name)}; there are: {there}",
        f"没有名为 {_echo(name)} 的{what_zh}；现有：{there}",
    )


def no_login() -> ApiError:
    return ApiError("no-login", "log in first", "请先登录", {"WWW-Authenticate": "Bearer"})


def unfit(detail: str) -> ApiError:
    return ApiError("unfit", detail)


def problem(
    code: str,
    detail: str,
    detail_zh: str = "",
    headers: Mapping[str, str] | None = None,
    *,
    status: int | None = None,
) -> Response:
    kind = KINDS[code]
    body = {
        "type": f"urn:avctl:problem:{code}",
        "title": kind.title,
        "status": status or kind.status,
        "code": code,
        "detail": detail,
        "detail_zh": detail_zh or f"{kind.zh}:{detail}",
    }
    # A caller may have sent half a surrogate pair, which no encoding takes.
    content = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    return Response(content, status or kind.status, dict(headers or {}), MEDIA)


def told(error: Exception) -> Response:
    """The problem for ``error``, one of the table's."""
    code = next(code for kind, code in OF_ERRORS if isinstance(error, kind))
    headers = {}
    if isinstance(error, BusyError):
        headers["Retry-After"] = str(max(1, math.ceil(error.wait)))
    return problem(code, str(error), headers=headers)


def install(app: FastAPI) -> None:
    """Let every error of ``app`` leave it as problem+json."""

    async def api_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, ApiError)
        return problem(error.code, error.detail, error.detail_zh, error.headers)

    async def library_error(request: Request, error: Exception) -> Response:
        return told(error)

    async def http_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        code = OF_STATUS.get(error.status_code, "bad-request")
        detail = str(error.detail)
        if error.status_code == 404:
            detail = f"nothing is at {_echo(request.url.path)}"
        return problem(code, detail, headers=error.headers, status=error.status_code)

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return problem("unfit", "; ".join(_complaint(each) for each in error.errors()))

    async def fault(request: Request, error: Exception) -> Response:
        log.error("%s %s failed", request.method, request.url.path, exc_info=error)
        return problem("fault", "the service has logged what went wrong")

    app.add_exception_handler(ApiError, api_error)
    for kind, _ in OF_ERRORS:
        app.add_exception_handler(kind, library_error)
    app.add_exception_handler(HTTPException, http_error)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(Exception, fault)


def _complaint(error: Mapping[str, Any]) -> str:
    place = ".".join(_printable(str(part)) for part in error.get("loc", ())) or "request"
    return f"{place}: {error.get('msg', 'does not fit')}"


def _echo(text: str) -> str:
    return repr(_printable(text))


def _printable(text: str) -> str:
    shown = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)
    return shown if len(shown) <= ECHOED else shown[:ECHOED] + "…"
