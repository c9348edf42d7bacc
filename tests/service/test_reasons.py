"""Why something failed, as people are told it."""

import pytest

from service.views.reasons import reason


@pytest.mark.parametrize(
    ("said", "zh", "en"),
    [
        ("matrix: no answer to b'\\x01Q'", "没有应答", "no answer"),
        ("the connection is closed: b''", "连接已关闭", "the connection is closed"),
        ("Connection refused", "连接被拒绝", "Connection refused"),
        ("the service was stopped", "服务已停止", "the service was stopped"),
        ("something new", "something new", "something new"),
    ],
)
def test_a_reason_has_its_words_and_none_of_the_bytes(said: str, zh: str, en: str) -> None:
    told = reason(said, "matrix")
    assert (told.zh, told.en) == (zh, en)
