"""The site and its rooms in brief."""

from fastapi import APIRouter

from service.openapi import problems
from service.parts import Here, Who
from service.views import SiteView, site_view

router = APIRouter(tags=["rooms"], responses=problems())


@router.get("/site")
async def get_site(here: Here, who: Who) -> SiteView:
    return site_view(here.site, here.version, here.settings.language, who.rooms(here.site.rooms))
