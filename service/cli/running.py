"""A site served: its rooms, its journal, its API and panel."""

import gc
from collections.abc import Callable

from avctl.clock import Clock
from avctl.site import Site
from service.settings import Settings

SET_UP = "set-up-code"  # the file that has the code for making the first person


async def serve_site(site: Site, settings: Settings, ready: Callable[[str], None]) -> None:
    """Until SIGINT or SIGTERM. ``ready`` gets the base URL once it listens."""
    # What a start makes lives as long as the service: to look for garbage in it only takes time, now and later.
    gc.disable()
    # Web and database take longer to import than all else, and most commands need neither.
    from service.app import create_app
    from service.journal import open_journal
    from service.server import serve
    from service.store.kept import Kept
    from service.store.records import open_records
    from service.watchdog import notify, watchdog

    async with (
        open_journal(settings.data) as journal,
        open_records(settings.data) as records,
        watchdog(Clock()),
    ):
        files = Kept(settings.data / "files")
        app = create_app(
            site, settings, journal=journal, records=records, files=files,
            set_up_file=settings.data / SET_UP,
        )  # fmt: skip

        def listening(url: str) -> None:
            gc.freeze()
            gc.enable()
            notify("READY=1")
            ready(url)
            if code := app.state.parts.people.set_up.code:
                print(
                    f"set-up     code {code}, to make the first administrator on the panel",
                    flush=True,
                )

        await serve(app, settings.host, settings.port, listening)
