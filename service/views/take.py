"""From takes and plans to what the API says of them."""

from collections.abc import Iterable, Iterator, Sequence

from avctl.capabilities.camera import Camera
from avctl.capabilities.mixer import Mute
from avctl.capabilities.router import Output
from avctl.room import Room
from avctl.scenes.back import not_returnable
from avctl.scenes.latency import whole
from avctl.scenes.plan import Planned, Prospect
from avctl.scenes.scene import Kind, OnFailure, Reaction, Scene
from avctl.scenes.take import Step, Take
from service.views.latency import spread_view
from service.views.models import PlannedView, PlanView, RiskView, RunView, StepView, Title
from service.views.values import iso, named, plain, rounded

SLOW = 2.0  # seconds to a confirmation that a person should know of before


def run_view(room: Room, take: Take) -> RunView:
    ended = take.duration
    return RunView(
        run=take.identity,
        room=room.name,
        scene=take.scene.name,
        title=Title(**take.scene.title),
        arguments=dict(take.scene.arguments),
        by=take.by,
        tapped=iso(take.tapped),
        deadline=take.scene.deadline,
        hold=take.scene.hold,
        verdict=take.verdict.value if take.verdict else None,  # type: ignore[arg-type]  # never skipped
        duration=rounded(ended),
        elapsed=round(take.elapsed if ended is None else ended, 4),
        over_budget=take.is_over_budget,
        waited=round(take.waited, 4),
        wish=_wish(take.wish),
        then=take.then.identity if take.then else None,
        unreturned=_unreturned(take),
        culprits=list(take.culprits),
        steps=[step_view(step) for step in take.steps],
    )


def step_view(step: Step) -> StepView:
    want = step.want
    return StepView(
        target=want.target,
        word=want.word,
        said=plain(want.said),
        device=want.device,
        point=want.point.key,
        kind=want.kind.value,
        wanted=plain(want.value),
        before=plain(step.before),
        verdict=step.verdict.value if step.verdict else None,
        why=step.why,
        read=plain(step.read),
        planned=rounded(step.planned),
        sent=rounded(step.sent),
        answered=rounded(step.answered),
        confirmed=rounded(step.confirmed),
        ended=rounded(step.ended),
    )


def _wish(wish: OnFailure | None) -> str | None:
    return " ".join(filter(None, (wish.reaction.value, wish.scene))) if wish else None


def _unreturned(take: Take) -> list[str]:
    goes_back = take.wish is not None and take.wish.reaction is Reaction.RETURN
    return list(not_returnable(take)) if goes_back else []


def plan_view(room: Room, scene: Scene, plan: Sequence[Planned]) -> PlanView:
    driven = [planned.want for planned in plan if planned.prospect is not Prospect.RIGHT]
    expected = room.learnt.expected_of(scene, driven)
    spread = room.latencies.of(whole(scene.name))
    return PlanView(
        scene=scene.name,
        title=Title(**scene.title),
        expected=rounded(expected),
        deadline=scene.deadline,
        budget=scene.budget,
        spread=spread_view(spread) if spread else None,
        hold=scene.hold,
        steps=[_planned_view(planned) for planned in _in_order(plan)],
        risks=list(_once_each(_risks(room, scene, plan, expected))),
    )


def _in_order(plan: Sequence[Planned]) -> list[Planned]:
    """What waits comes after what it waits for; else as planned."""
    ahead = {
        planned.want.target: planned.want.order.waits_for
        for planned in plan
        if planned.want.order.waits_for
    }

    def depth(planned: Planned) -> int:
        depth, waits = 0, set(planned.want.order.waits_for)
        while waits:
            depth += 1
            waits = {target for each in waits for target in ahead.get(each, ())}
        return depth

    return sorted(plan, key=depth)


def _planned_view(planned: Planned) -> PlannedView:
    want = planned.want
    return PlannedView(
        target=want.target,
        word=want.word,
        said=plain(want.said),
        device=want.device,
        point=want.point.key,
        kind=want.kind.value,
        wanted=plain(want.value),
        now=plain(planned.now),
        after=list(want.order.waits_for),
        prospect=planned.prospect.value,
        expected=rounded(planned.expected),
    )


# Risks.


def _risks(
    room: Room, scene: Scene, plan: Iterable[Planned], expected: float | None
) -> Iterator[RiskView]:
    for planned in plan:
        if planned.prospect is not Prospect.RIGHT and planned.want.kind is not Kind.CHECK:
            yield from _risks_of(room, planned)
    if expected is not None and expected > scene.deadline + scene.hold:
        zh = f"通常需要 {expected:.1f} 秒，超过期限 {scene.deadline:g} 秒"
        en = f"usually takes {expected:.1f} s, more than its deadline of {scene.deadline:g} s"
        yield RiskView(risk="deadline", target="", zh=zh, en=en)


def _risks_of(room: Room, planned: Planned) -> Iterator[RiskView]:
    want = planned.want
    what = named(room, want.target)
    if planned.prospect is Prospect.UNREACHABLE:
        device = named(room, want.device)
        zh, en = (
            f"{device.zh}无法连接，此步将失败",
            f"{device.en} is unreachable: its steps will fail",
        )
        yield RiskView(risk="unreachable", target=want.device, zh=zh, en=en)
        return
    if isinstance(room.devices[want.device], Camera) and want.word in ("preset", "aim"):
        for place in _on_air(room, want.device):
            at = named(room, place)
            zh, en = (
                f"移动正在{at.zh}播出的{what.zh}",
                f"moves {what.en} while it is on air at {at.en}",
            )
            yield RiskView(risk="on-air", target=want.target, zh=zh, en=en)
    if isinstance(want.point, Mute) and want.value is False:
        yield RiskView(risk="opens", target=want.target, zh=f"打开{what.zh}", en=f"opens {what.en}")
    if want.kind is Kind.ACT:
        zh, en = f"{what.zh}：此操作无法撤销", f"{what.en}: this cannot be undone"
        yield RiskView(risk="once", target=want.target, zh=zh, en=en)
    if planned.expected is not None and planned.expected >= SLOW:
        seconds = planned.expected
        zh = f"{what.zh}确认较慢：约 {seconds:.1f} 秒"
        en = f"{what.en} confirms slowly: about {seconds:.1f} s"
        yield RiskView(risk="slow", target=want.target, zh=zh, en=en)


def _on_air(room: Room, camera: str) -> Iterator[str]:
    """The destinations that were last reported to show a camera."""
    source = room.file.sources.get(camera)
    for name, to in room.file.destinations.items():
        if source is None or to.device != source.device or "video" not in to.layers:
            continue
        readings = room.devices[to.device].state.items()
        if any(
            isinstance(point, Output)
            and point.number == to.output
            and reading.value == source.input
            for point, reading in readings
        ):
            yield name


def _once_each(risks: Iterable[RiskView]) -> list[RiskView]:
    return list({(risk.risk, risk.en): risk for risk in risks}.values())
