"""The ``avctl`` command: the one place that puts library, service and simulators (as a process of their own) together.

Exit status: 0 confirmed or done, 1 not, 2 wrong usage or configuration.
"""

import sys

import typer

from avctl.errors import ConfigError
from service.cli.copies import copy, restore
from service.cli.demo import demo
from service.cli.device import device, drivers, ports
from service.cli.doctor import doctor
from service.cli.drill import drill
from service.cli.incident import incident
from service.cli.inspect import inspect
from service.cli.latency import latency
from service.cli.ledger import ledger
from service.cli.meeting import meeting
from service.cli.rehearse import rehearse
from service.cli.report import report
from service.cli.schedule import schedule
from service.cli.site import check, schema, serve
from service.cli.store import store
from service.cli.take import take
from service.cli.user import user
from service.cli.warm_up import warm_up

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Control AV rooms.",
)
for command in (
    demo,
    serve,
    check,
    take,
    warm_up,
    inspect,
    drill,
    rehearse,
    latency,
    schedule,
    report,
    meeting,
    incident,
    copy,
    restore,
    doctor,
    device,
    drivers,
    ports,
    schema,
):
    # What begins with a minus may be a level: `device … gain 1 -6`.
    is_open = command is device
    app.command(context_settings={"ignore_unknown_options": is_open})(command)
app.add_typer(store, name="store")
app.add_typer(user, name="user")
app.add_typer(ledger, name="ledger")


def main() -> None:
    try:
        app()
    except ConfigError as error:
        print(error, file=sys.stderr)
        raise SystemExit(2) from error
    except KeyboardInterrupt:
        raise SystemExit(130) from None
