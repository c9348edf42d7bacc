"""From a figure back to all of the journal's entries that it was made from."""

from datetime import datetime

from service.journal import Journal
from service.operations.reports.kinds import Asked, make
from service.operations.reports.names import Names
from service.views.document import Document, EvidenceView

ALL = 10_000_000


def evidence_at(
    document: Document, figure: str | None, cell: tuple[str, str, str] | None
) -> EvidenceView:
    """Of a figure, or of a cell given by table, row and column. Raises KeyError."""
    if cell:
        table = document.table(cell[0])
        row = next((row for row in table.rows if row.row == cell[1]), None)
        places = [n for n, each in enumerate(table.columns) if each.column == cell[2]]
        found = row.cells[places[0]].evidence if row and places else None
        if found is None:
            raise KeyError("/".join(cell))
        return found
    for section in document.sections:
        for each in section.figures:
            if each.figure == figure:
                return each.evidence
    raise KeyError(figure)


async def trace(
    journal: Journal,
    names: Names,
    document: Document,
    now: datetime,
    figure: str | None = None,
    cell: tuple[str, str, str] | None = None,
) -> list[int]:
    """The numbers of all of them, in the order they were counted. ``now`` is when ``document`` was made.

    Raises KeyError, JournalError.
    """
    found = evidence_at(document, figure, cell)
    if found.is_whole:
        return found.seqs
    asked = Asked(document.kind, document.period, document.room)
    whole = await make(journal, names, asked, now, through=document.through, shown=ALL)
    return evidence_at(whole, figure, cell).seqs
