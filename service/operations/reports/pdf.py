"""A report as PDF: typst with a template that a site may replace by one of its own."""

import json
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from service.operations.reports.charts import chart_of
from service.operations.reports.cover import Cover, Language
from service.operations.reports.paper import paper
from service.operations.reports.templates import template
from service.operations.reports.typesetting import compile_with
from service.views.document import Document


def as_pdf(
    document: Document, cover: Cover, language: Language, templates: Path | None = None
) -> bytes:
    """Raises FontsMissingError, TypesettingError."""
    told = paper(document, cover, language)
    zone = ZoneInfo(document.timezone)
    files: dict[str, bytes] = {}
    for section, written in zip(document.sections, told["sections"], strict=True):
        shown = []
        for chart, brief in zip(section.charts, written["charts"], strict=True):
            if svg := chart_of(document, chart, language, zone):
                files[f"chart-{chart.chart}.svg"] = svg.encode()
                shown.append({**brief, "file": f"chart-{chart.chart}.svg"})
        written["charts"] = shown
        for number, (picture, brief) in enumerate(
            zip(section.pictures, written["pictures"], strict=True)
        ):
            brief["file"] = f"picture-{section.section}-{number}.svg"
            files[brief["file"]] = picture.svg.encode()
    files["report.json"] = json.dumps(told, ensure_ascii=False).encode()
    main = template(f"{document.kind}.typ", "report.typ", folder=templates)
    # The same report makes the same file.
    at = int(datetime.fromisoformat(document.until).timestamp())
    return compile_with({"main.typ": main, **files}, "pdf", at=at)
