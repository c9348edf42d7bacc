"""The way back: a scene that returns a room to what was read before a take."""

from avctl.scenes.scene import Kind, Order, Scene, Want
from avctl.scenes.step import Step, Verdict
from avctl.scenes.take import Take


def way_back(take: Take) -> Scene | None:
    """A scene of what ``take`` has sent and what was before, in the opposite order; None if it has sent nothing.

    Where the scene brings its own retreats it is those. Else what was not read before cannot be returned: see
    `not_returnable`. What something newer wants is not touched.
    """
    if take.scene.retreats:
        return _back(take, tuple(want for due in take.due_retreats for want in due.wants))
    back = [
        step
        for step in _sent(take)
        if step.was_read_before
        and step.before is not None
        and step.verdict is not Verdict.SUPERSEDED
    ]
    followers: dict[str, set[str]] = {}
    targets = {step.want.target for step in back}
    for step in back:
        for target in step.want.order.waits_for:
            followers.setdefault(target, set()).add(step.want.target)
    wants = tuple(
        Want(
            step.want.target,
            step.want.word,
            step.before,
            step.want.device,
            step.want.point,
            step.before,
            Order(tuple(sorted(followers.get(step.want.target, set()) & targets))),
        )
        for step in back
    )
    return _back(take, wants)


def _back(take: Take, wants: tuple[Want, ...]) -> Scene | None:
    if not wants:
        return None
    name = f"return from {take.scene.name}"
    title = {"zh": f"还原：{take.scene.title['zh']}", "en": f"Return from {take.scene.title['en']}"}
    return Scene(
        name,
        title,
        take.scene.deadline,
        wants,
        priority=take.scene.priority,
        again_after=take.scene.again_after,
    )


def not_returnable(take: Take) -> tuple[str, ...]:
    """Targets that the take has changed, or may have, and that a return cannot restore."""
    returned = {want.point for retreat in take.scene.retreats for want in retreat.wants}
    lost = (
        step.want.target
        for step in _sent(take)
        if step.want.point.evidence not in returned
        and (not step.was_read_before or step.before is None)
    )
    return tuple(dict.fromkeys((*lost, *_actions(take))))


def _sent(take: Take) -> list[Step]:
    return [step for step in take.steps if step.sent is not None and step.want.kind is Kind.SET]


def _actions(take: Take) -> list[str]:
    return [
        step.want.target
        for step in take.steps
        if step.sent is not None and step.want.kind is Kind.ACT
    ]
