"""A report's content: sections with figures, tables and charts, each figure with the entries it was made from."""

from typing import Literal

from pydantic import Field

from service.views.models import Title, View

Form = Literal[
    "text", "count", "number", "percent", "hours", "minutes", "seconds", "moment", "instant", "day"
]  # fmt: skip
Value = int | float | str | Title | None

KindName = Literal[
    "meeting-log", "warm-up-record", "inspection-record", "device-assessment", "monthly",
    "half-yearly", "incident-register",
]  # fmt: skip


class EvidenceView(View):
    """The journal's entries that a figure was made from."""

    count: int
    first: int | None = Field(description="The lowest number among them")
    last: int | None
    seqs: list[int] = Field(description="Their numbers; of many, the first that were met")
    digest: str = Field(description="SHA-256 of all their numbers, each on a line, in that order")

    @property
    def is_whole(self) -> bool:
        return len(self.seqs) == self.count


class DocumentCell(View):
    value: Value
    evidence: EvidenceView | None = None


class DocumentFigure(View):
    figure: str
    title: Title
    form: Form
    value: Value
    evidence: EvidenceView


class DocumentColumn(View):
    column: str
    title: Title
    form: Form


class DocumentRow(View):
    row: str
    cells: list[DocumentCell]


class DocumentTable(View):
    table: str
    title: Title
    columns: list[DocumentColumn]
    rows: list[DocumentRow]
    note: Title | None = None

    def place(self, column: str) -> int:
        return next(n for n, each in enumerate(self.columns) if each.column == column)


class DocumentChart(View):
    """Columns of one table as a picture: nothing is drawn that no table says."""

    chart: str
    title: Title
    shape: Literal["columns", "bars"]
    table: str
    label: list[str] = Field(description="The columns, side by side, that name what is compared")
    series: list[str] = Field(description="The columns that are compared")
    stacked: bool = Field(default=False, description="Whether the series are parts of a whole")
    most: int = Field(default=31, description="Rows that are drawn, from the first")


class DocumentPicture(View):
    picture: str
    title: Title
    svg: str


class DocumentSection(View):
    section: str
    title: Title
    lead: Title | None = Field(default=None, description="Figures in a sentence")
    figures: list[DocumentFigure] = Field(default=[])
    tables: list[DocumentTable] = Field(default=[])
    charts: list[DocumentChart] = Field(default=[])
    pictures: list[DocumentPicture] = Field(default=[])


class Document(View):
    kind: KindName
    title: Title
    site: Title
    room: str | None
    room_title: Title | None
    period: str
    period_title: Title
    since: str
    until: str
    timezone: str
    through: int = Field(description="The last entry of the journal that was looked at")
    sections: list[DocumentSection]

    def section(self, name: str) -> DocumentSection:
        """Raises KeyError."""
        for each in self.sections:
            if each.section == name:
                return each
        raise KeyError(name)

    def table(self, name: str) -> DocumentTable:
        """Raises KeyError."""
        for section in self.sections:
            for table in section.tables:
                if table.table == name:
                    return table
        raise KeyError(name)
