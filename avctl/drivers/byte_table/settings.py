"""What a room file may say of a device with a table."""

from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, PrivateAttr, model_validator

from avctl.device import DriverSettings
from avctl.drivers.byte_table.reading import read_table
from avctl.drivers.byte_table.table import Table


class ByteTableSettings(DriverSettings):
    table: Path = Field(
        description="A shipped table (creator, lcd_splicer), or the path of a .yaml file beside this one."
    )
    dialect: str = Field(default="", description="Which of the table's dialects it speaks.")
    counts: dict[str, Annotated[int, Field(ge=1, le=999)]] = Field(
        default_factory=dict, description="How many of each there are: {input: 16, output: 8}."
    )
    values: dict[str, Annotated[int, Field(ge=0, le=65535)]] = Field(
        default_factory=dict, description="What the table leaves open: {address: 1}."
    )

    _table: Table = PrivateAttr()

    @model_validator(mode="after")
    def _fits_the_table(self) -> Self:
        """Raises ConfigError with the line of the table that is wrong."""
        self._table = read_table(self.table, self.dialect, self.counts, self.values)
        return self

    def read(self) -> Table:
        return self._table
