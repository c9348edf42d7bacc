"""From pairs of main and backup to what the API says of them."""

from avctl.pair import Side
from avctl.pairs import Pair
from avctl.room import Room
from service.views.models import PairView, SideView, Title
from service.views.take import run_view
from service.views.values import named, rounded, titled


def pair_view(room: Room, name: str) -> PairView:
    pair = room.pairs.find(name)
    return PairView(
        pair=name,
        title=titled(pair.file.title, name),
        made=pair.made.value,
        active=pair.watch.active.value,
        main=_side(room, pair, Side.MAIN),
        backup=_side(room, pair, Side.BACKUP),
        arm=pair.watch.arm.value,
        latched=pair.watch.latched,
        advised=pair.watch.advised,
        run=run_view(room, pair.take) if pair.take else None,
    )


def _side(room: Room, pair: Pair, side: Side) -> SideView:
    health, name = pair.health[side], pair.side(side)
    return SideView(
        name=name,
        title=named(room, name),
        fitness=health.fitness.value,
        why=Title(**health.why) if health.why else None,
        since=rounded(room.clock.now() - health.since) if health.since else None,
    )
