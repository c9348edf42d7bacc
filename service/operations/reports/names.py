"""What people call the things that reports tell of."""

from zoneinfo import ZoneInfo

from avctl.site import Site
from service.views.models import Title
from service.views.values import named, titled

BY_HAND = ""  # what stands for takes that are no scene of their room


class Names:
    def __init__(self, site: Site) -> None:
        self._site = site
        self.zone = ZoneInfo(site.file.timezone if site.file else "UTC")
        self.site = titled(site.file.title if site.file else None, site.name)
        self.rooms = list(site.rooms)

    def room(self, name: str) -> Title:
        room = self._site.rooms.get(name)
        return titled(room.file.title, name) if room else Title(zh=name, en=name)

    def device(self, room: str, name: str) -> Title:
        there = self._site.rooms.get(room)
        return named(there, name) if there else Title(zh=name, en=name)

    def scene_of(self, room: str, name: str) -> str:
        """The scene's name, or `BY_HAND` for settings by hand, changeovers and the like."""
        there = self._site.rooms.get(room)
        return name if there is None or name in there.scenes else BY_HAND

    def scene(self, name: str) -> Title:
        if name == BY_HAND:
            return Title(zh="单项操作与切换", en="single settings and changeovers")
        for room in self._site.rooms.values():
            if name in room.scenes:
                title = room.scenes[name].title
                return Title(zh=title["zh"], en=title["en"])
        return Title(zh=name, en=name)
