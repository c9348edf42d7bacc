"""The matrix of roles and rights, and that no operation is without one."""

import pytest

from service.people.rights import ASKED_BY_ROOM, FILTERED, OPERATIONS, READING
from service.people.roles import GIVEN, MATRIX, Right, Role
from service.routes import PARTS, health, metrics
from tests.served import API
from tests.service.house import house

ROUTES = {route.name for part in (*PARTS, health, metrics) for route in part.router.routes}


def test_every_operation_has_its_right_and_no_right_is_for_nothing():
    assert ROUTES | {"to_panel"} == set(OPERATIONS)
    assert set(OPERATIONS) >= FILTERED | ASKED_BY_ROOM | READING


def test_nobody_holds_all_rights_and_who_gives_them_neither_commands_nor_audits():
    needing = set(Right) - {Right.PUBLIC, Right.OWN}
    assert all(MATRIX[role] < needing for role in Role)
    assert set.union(*(set(MATRIX[role]) for role in GIVEN)) == needing
    administrator = MATRIX[Role.ADMINISTRATOR]
    assert not administrator & {Right.OPERATE, Right.CONFIGURE, Right.AUDIT, Right.REVIEW}
    assert not any(
        {Right.OPERATE, Right.AUDIT} <= MATRIX[role] or {Right.DRAFT, Right.REVIEW} <= MATRIX[role]
        for role in Role
    )


@pytest.mark.virtual
async def test_an_operation_that_nobody_declared_is_refused_to_everybody(monkeypatch):
    monkeypatch.setenv("AVCTL_HALL_WALL_PASSWORD", "adminpw")
    async with house(up=False) as here:
        monkeypatch.delitem(OPERATIONS, "list_rooms")
        answer = await here.client.get(f"{API}/rooms")
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
        assert "list_rooms" in answer.json()["detail"]
