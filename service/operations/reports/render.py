"""A report as a file: docx, xlsx or pdf, in Chinese or English."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal, get_args

from service.operations.reports.cover import Cover, Language
from service.views.document import Document

Format = Literal["docx", "xlsx", "pdf"]

MEDIA: dict[Format, str] = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}


def render(
    document: Document,
    cover: Cover,
    form: Format,
    language: Language,
    templates: Path | None = None,
) -> bytes:
    """Takes seconds of the processor. Raises FontsMissingError, TypesettingError."""
    # What writes them takes longer to load than most of the service, and most days need none of it.
    match form:
        case "docx":
            from service.operations.reports.docx import as_docx

            return as_docx(document, cover, language, templates)
        case "xlsx":
            from service.operations.reports.xlsx import as_xlsx

            return as_xlsx(document, cover, language)
        case "pdf":
            from service.operations.reports.pdf import as_pdf

            return as_pdf(document, cover, language, templates)


def every_form() -> Iterator[tuple[Language, Format]]:
    for language in get_args(Language):
        for form in get_args(Format):
            yield language, form


def file_name(language: Language, form: Format) -> str:
    """As the journal names the files of a report."""
    return f"{language}.{form}"
