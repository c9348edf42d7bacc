"""Inspections as the API tells them."""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field

from service.operations.inspections import Check, Inspection, Look
from service.views.bodies import Said
from service.views.models import Title, View

ResultName = Literal["skipped", "good", "watch", "fault"]


class CheckView(View):
    """What a device told of one item of the list."""

    item: str
    device: str
    about: str
    result: ResultName
    text: Title
    incident: int | None


class LookView(View):
    """What a person looks at."""

    look: str
    title: Title
    photo: bool = Field(description="Whether a photo is asked for")
    result: ResultName | None = Field(description="None: not answered yet")
    remark: str
    by: str
    at: str
    photos: list[str] = Field(description="SHA-256 of each")
    incident: int | None


class InspectionBrief(View):
    inspection: str
    seq: int = Field(description="Of the journal's entry that began it")
    room: str
    by: str
    began: str
    ended: str | None
    ended_by: str
    state: Literal["reading", "open", "closed"]
    result: ResultName = Field(description="The worst of all that was found until now")
    counts: dict[ResultName, int] = Field(description="Of what the devices told")
    progress: float  # 0 to 1
    to_look_at: list[str] = Field(description="What nobody has answered")
    incidents: list[int]


class InspectionView(InspectionBrief):
    checks: list[CheckView]
    looks: list[LookView]


class InspectionPage(View):
    inspections: list[InspectionBrief] = Field(description="Newest first")
    more: bool


class InspectionsBegun(View):
    inspections: list[InspectionBrief]
    refused: dict[str, str] = Field(description="Rooms that are being inspected already")


class InspectBody(Said):
    rooms: list[Annotated[str, Field(max_length=64)]] = Field(
        default=[], max_length=500, description="All, if empty"
    )


class AnswerLookBody(Said):
    result: Literal["good", "watch", "fault"]
    remark: str = Field(default="", max_length=2000)


class PhotoKept(View):
    photo: str = Field(description="SHA-256")


class InspectionChanged(View):
    """How an inspection goes on."""

    type: Literal["inspection"] = "inspection"
    room: str
    inspection: InspectionBrief


def brief_view(made: Inspection) -> InspectionBrief:
    return InspectionBrief(
        inspection=made.identity,
        seq=made.seq,
        room=made.room,
        by=made.by,
        began=made.began,
        ended=made.ended or None,
        ended_by=made.ended_by,
        state=made.state,
        result=made.result.value,
        counts={result.value: count for result, count in made.counts.items()},
        progress=round(made.progress, 4),
        to_look_at=made.open_looks,
        incidents=sorted(set(made.incidents.values())),
    )


def inspection_view(made: Inspection, checks: Sequence[Check]) -> InspectionView:
    order = {device: place for place, device in enumerate(made.devices)}
    return InspectionView(
        **brief_view(made).model_dump(),
        checks=[
            _check(made, each)
            for each in sorted(checks, key=lambda check: order.get(check.device, len(order)))
        ],
        looks=[_look(made, look) for look in made.looks.values()],
    )


def _check(made: Inspection, check: Check) -> CheckView:
    return CheckView(
        item=check.item,
        device=check.device,
        about=check.about,
        result=check.result.value,
        text=Title(**check.text),
        incident=made.incidents.get(check.item),
    )


def _look(made: Inspection, look: Look) -> LookView:
    return LookView(
        look=look.name,
        title=Title(**look.title),
        photo=look.photo,
        result=look.result.value if look.result else None,
        remark=look.remark,
        by=look.by,
        at=look.at,
        photos=list(look.photos),
        incident=made.incidents.get(look.name),
    )


def changed_view(made: Inspection) -> InspectionChanged:
    return InspectionChanged(room=made.room, inspection=brief_view(made))
