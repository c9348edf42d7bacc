"""What sections are made of."""

from collections.abc import Iterable, Sequence

from service.operations.reports.evidence import Evidence, evidence_of
from service.views.document import (
    DocumentCell,
    DocumentColumn,
    DocumentFigure,
    DocumentRow,
    DocumentTable,
    EvidenceView,
    Form,
    Value,
)
from service.views.models import Title

Seqs = Evidence | EvidenceView | Iterable[int] | None

NONE = Title(zh="本期无记录。", en="Nothing is on record in this period.")


def text(zh: str, en: str) -> Title:
    return Title(zh=zh, en=en)


def plain(said: str) -> Title:
    """The same in both languages: what people or devices said themselves."""
    return Title(zh=said, en=said)


def cell(value: Value, seqs: Seqs = None) -> DocumentCell:
    """A number that seconds were counted in is told to the millisecond."""
    if isinstance(value, float):
        value = round(value, 6)
    return DocumentCell(value=value, evidence=None if seqs is None else seen(seqs))


def count(evidence: Evidence) -> DocumentCell:
    return cell(evidence.count, evidence)


def seen(seqs: Evidence | EvidenceView | Iterable[int]) -> EvidenceView:
    if isinstance(seqs, EvidenceView):
        return seqs
    return seqs.view() if isinstance(seqs, Evidence) else evidence_of(seqs)


def figure(
    name: str,
    title: Title,
    value: Value,
    seqs: Evidence | EvidenceView | Iterable[int],
    form: Form = "count",
) -> DocumentFigure:
    if isinstance(value, float):
        value = round(value, 6)
    return DocumentFigure(figure=name, title=title, form=form, value=value, evidence=seen(seqs))


def counted(name: str, title: Title, evidence: Evidence) -> DocumentFigure:
    return figure(name, title, evidence.count, evidence)


Column = tuple[str, str, str, Form]  # name, title in Chinese, in English, form


def table(
    name: str,
    title: Title,
    columns: Sequence[Column],
    rows: Iterable[tuple[str, Sequence[DocumentCell]]],
    note: Title | None = None,
) -> DocumentTable:
    made = [DocumentRow(row=key, cells=list(cells)) for key, cells in rows]
    return DocumentTable(
        table=name,
        title=title,
        columns=[
            DocumentColumn(column=key, title=text(zh, en), form=form)
            for key, zh, en, form in columns
        ],
        rows=made,
        note=note if made else NONE,
    )
