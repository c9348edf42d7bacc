"""Reports at work: drafted, submitted with their figures frozen, returned with remarks or approved for good."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from avctl.clock import Clock
from avctl.config import ReportsFile
from avctl.errors import AvctlError
from avctl.site import Site
from service.jobs import Work
from service.journal import Journal
from service.operations.errors import ConflictError
from service.operations.reports.cover import Cover, Language, Signature
from service.operations.reports.kinds import KINDS, Asked, make
from service.operations.reports.names import Names
from service.operations.reports.period import PeriodError, last_period
from service.operations.reports.render import Format, every_form, file_name, render
from service.operations.reports.report import Frozen, Report
from service.operations.reports.roll import KIND, Roll
from service.operations.reports.subject import find_subject
from service.operations.reports.trace import trace
from service.store.kept import Kept, KeptError
from service.views.document import Document
from service.views.models import Title
from service.views.values import iso

NO_TEXT = Title(zh="", en="")
ALWAYS_WRITTEN = ("summary", "remarks")  # texts beside those of the sections

Told = Callable[[Report, float | None], None]  # a report, and how far its files are made


class Reports(Roll):
    """What is submitted or approved says the same for ever; what is a draft is counted anew whenever it is read."""

    def __init__(
        self,
        site: Site,
        journal: Journal,
        clock: Clock,
        files: Kept,
        tell: Told = lambda report, progress: None,
    ) -> None:
        super().__init__(journal)
        self.names = Names(site)
        self._clock, self._files, self._tell = clock, files, tell
        self._said = site.file.reports if site.file else ReportsFile()
        self.templates = templates_of(site)
        self._busy: set[int] = set()
        self._turn = asyncio.Lock()  # counting and drawing take seconds: one after the other

    # What they say.

    async def preview(self, asked: Asked) -> Document:
        """As it would be now. Raises PeriodError, JournalError."""
        return await self._counted(asked, self._clock.wall())

    async def document(self, report: Report) -> Document:
        """Raises JournalError, KeptError."""
        if report.frozen:
            facts = await self._files.get(report.frozen.facts)
            return Document.model_validate_json(facts)
        return await self.preview(report.asked)

    async def entries(
        self,
        report: Report,
        document: Document,
        figure: str | None = None,
        cell: tuple[str, str, str] | None = None,
    ) -> list[int]:
        """The numbers of all entries that a figure or a cell was made from. Raises KeyError, JournalError."""
        at = datetime.fromisoformat(report.frozen.at) if report.frozen else self._clock.wall()
        async with self._turn:
            return await trace(self._journal, self.names, document, at, figure, cell)

    async def file(self, report: Report, form: Format, language: Language) -> bytes:
        """Raises JournalError, KeptError, FontsMissingError, TypesettingError."""
        if report.frozen:
            return await self._files.get(report.frozen.files[file_name(language, form)])
        document = await self.document(report)
        return await self._rendered(document, self.cover(report), form, language)

    async def preview_file(self, asked: Asked, form: Format, language: Language) -> bytes:
        document = await self.preview(asked)
        return await self._rendered(document, cover_of(self._said), form, language)

    def cover(self, report: Report) -> Cover:
        submitted = Signature(report.submitted_by, report.submitted)
        approved = Signature(report.reviewed_by, report.reviewed)
        return replace(
            cover_of(self._said),
            state=report.state,
            number=report.number,
            prepared=Signature(report.by, report.made),
            reviewed=Signature() if report.is_open else submitted,
            approved=approved if report.state == "approved" else Signature(),
            texts=dict(report.texts),
        )

    async def differences(self, report: Report) -> list[str]:
        """Where what was frozen is not what the journal says today, counted as far and as of then; of files, the changed ones.

        Raises JournalError.
        """
        frozen = report.frozen
        if frozen is None:
            raise ConflictError(f"report {report.identity} is not submitted")
        found = []
        for name, digest in {"facts": frozen.facts, **frozen.files}.items():
            try:
                await self._files.get(digest)
            except KeptError as error:
                found.append(f"{name}: {error}")
        if report.digest and report.digest != digest_of(frozen):
            found.append("the digest is not that of facts and files")
        try:
            kept = await self.document(report)
        except KeptError:
            return found
        at = datetime.fromisoformat(frozen.at)
        anew = await self._counted(report.asked, at, frozen.through)
        return [*found, *_unlike(kept, anew)]

    # Commands. All raise ConflictError where it is not as they need it, and JournalError.

    async def make(self, asked: Asked, by: str) -> Report:
        """Begin a draft. Raises PeriodError for what cannot be told of."""
        await find_subject(self._journal, self.names, asked.kind, asked.period)
        if other := self.unapproved(asked):
            raise ConflictError(f"report {other.identity} is about the same and {other.state}")
        data = {"event": "made", "kind": asked.kind, "period": asked.period, "room": asked.room}
        entry = await self.write(KIND, data, by=by)
        return self._changed(self.by_identity[entry.seq])

    async def edit(self, report: Report, texts: Mapping[str, Title], by: str) -> Report:
        """Write texts around the figures; the figures are counted and cannot be written."""
        self._must_be(report, report.is_open, "its texts stand")
        said = {name: text.model_dump() for name, text in texts.items()}
        return await self._note(report, by, {"event": "edited", "texts": said})

    async def submit(self, report: Report, by: str) -> Report:
        """Freeze the figures as they are now, and the files made of them. Raises what `file` does."""
        async with self._alone(report):
            self._must_be(report, report.is_open, "it cannot be submitted")
            at = self._clock.wall()
            document = await self._counted(report.asked, at)
            signed = Signature(by, iso(at))
            cover = replace(self.cover(report), state="submitted", reviewed=signed)
            facts = await self._files.put(document.model_dump_json().encode())
            files = await self._made(report, document, cover)
            frozen = {"facts": facts, "at": iso(at), "through": document.through, "files": files}
            return await self._note(report, by, {"event": "submitted", **frozen})

    async def give_back(self, report: Report, remarks: str, by: str) -> Report:
        self._must_be(report, report.state == "submitted", "it cannot be returned")
        return await self._note(report, by, {"event": "returned", "remarks": remarks})

    async def approve(self, report: Report, by: str, remarks: str = "") -> Report:
        """For good: facts and files are kept by their hashes, and never made again. Raises what `file` does."""
        async with self._alone(report):
            self._must_be(report, report.state == "submitted", "it cannot be approved")
            if by == report.submitted_by:
                raise ConflictError("another person than who submitted it approves it")
            assert report.frozen
            document, signed = await self.document(report), iso(self._clock.wall())
            cover = replace(self.cover(report), state="approved", approved=Signature(by, signed))
            files = await self._made(report, document, cover)
            frozen = replace(report.frozen, files=files)
            data = {
                "event": "approved", "remarks": remarks, "signed": signed, "facts": frozen.facts,
                "at": frozen.at, "through": frozen.through, "files": files,
                "digest": digest_of(frozen),
            }  # fmt: skip
            return await self._note(report, by, data)

    async def do(self, work: Work) -> str:
        """The schedule's reports: drafts of the last whole period."""
        kind = work.arguments.get("kind", "monthly")
        if kind not in KINDS:
            raise AvctlError(f"no kind of report is called {kind!r}; there are {', '.join(KINDS)}")
        period = work.arguments.get("period") or last_period(kind, work.due, self.names.zone)
        asked = Asked(kind, str(period), work.arguments.get("room"))
        if other := next((each for each in self.newest(kind) if each.asked == asked), None):
            return f"report {other.identity} is there already"
        try:
            made = await self.make(asked, work.by)
        except PeriodError as error:
            raise AvctlError(str(error)) from error
        return f"report {made.identity}"

    # Small parts.

    async def _note(self, report: Report, by: str, data: Mapping[str, object]) -> Report:
        await self.write(KIND, {"report": report.identity, **data}, by=by)
        return self._changed(report)

    def _changed(self, report: Report) -> Report:
        self._tell(report, None)
        return report

    async def _made(self, report: Report, document: Document, cover: Cover) -> dict[str, str]:
        """Files in all forms and languages, kept: by name their hashes."""
        files: dict[str, str] = {}
        forms = list(every_form())
        for number, (language, form) in enumerate(forms):
            self._tell(report, number / len(forms))
            data = await self._rendered(document, cover, form, language)
            files[file_name(language, form)] = await self._files.put(data)
        return files

    async def _rendered(
        self, document: Document, cover: Cover, form: Format, language: Language
    ) -> bytes:
        async with self._turn:
            return await asyncio.to_thread(render, document, cover, form, language, self.templates)

    async def _counted(self, asked: Asked, at: datetime, through: int | None = None) -> Document:
        async with self._turn:
            return await make(self._journal, self.names, asked, at, through=through)

    @asynccontextmanager
    async def _alone(self, report: Report) -> AsyncIterator[None]:
        if report.identity in self._busy:
            raise ConflictError(f"report {report.identity} is being made")
        self._busy.add(report.identity)
        try:
            yield
        finally:
            self._busy.discard(report.identity)
            self._tell(report, None)

    def _must_be(self, report: Report, holds: bool, otherwise: str) -> None:
        if not holds:
            raise ConflictError(f"report {report.identity} is {report.state}: {otherwise}")


def cover_of(said: ReportsFile) -> Cover:
    """Of a report that nobody has made his own."""

    def title(of: object) -> Title:
        return Title(zh=getattr(of, "zh", ""), en=getattr(of, "en", ""))

    return Cover(organisation=title(said.organisation), client=title(said.client))


def templates_of(site: Site) -> Path | None:
    if site.file is None or site.path is None or site.file.reports.templates is None:
        return None
    folder = site.path if site.path.is_dir() else site.path.parent
    return folder / site.file.reports.templates


def digest_of(frozen: Frozen) -> str:
    """SHA-256 over the hashes of facts and files: one text that stands for all of it."""
    said = {"facts": frozen.facts, "files": dict(frozen.files)}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _unlike(kept: Document, anew: Document) -> list[str]:
    """By section: names as people gave them may change, values may not."""
    found = []
    for before, after in zip(kept.sections, anew.sections, strict=False):
        for one, other in zip(before.figures, after.figures, strict=False):
            if (one.value, one.evidence.digest) != (other.value, other.evidence.digest):
                found.append(f"{before.section}: {one.figure}: {one.value} is {other.value}")
        for table, now in zip(before.tables, after.tables, strict=False):
            lines = [[cell.evidence for cell in row.cells] for row in table.rows]
            if lines != [[cell.evidence for cell in row.cells] for row in now.rows]:
                found.append(f"{before.section}: {table.table}")
    return found
