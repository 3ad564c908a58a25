"""`linli worker`: carry out what is due."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from threading import Event, Thread

import click

from linli._base.errors import LinliError, Refused
from linli._base.i18n import Text, say, translate
from linli._base.refusals import Missing
from linli._cli.shared import stop_the_clock
from linli._district.district import District, open_district
from linli._district.worker import Done, Worker

REPORT_SECONDS = 60.0
RESTART_SECONDS = 1.0


class OnceNotSaid(Missing, says="with --at a worker does what is due then and leaves: add --once"):
    field: str = "once"


@click.command(
    help=f"""{translate("carry out what is due: deliveries, timers, sealing; until it is stopped")}

\b
linli worker                 {translate("until SIGTERM or Ctrl-C, which let it finish what it is doing")}
linli worker --once          {translate("what is due now, then leave; for cron")}
linli worker --processes 4   {translate("several at once, on PostgreSQL")}
"""
)
@click.option("--once", is_flag=True, help=translate("leave when nothing is due"))
@click.option(
    "--processes",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help=translate("how many work at once"),
)
@click.pass_context
def worker(context: click.Context, once: bool, processes: int) -> None:
    path, at = context.find_root().obj["path"], context.find_root().obj.get("at")
    if at and not (once and processes == 1):
        raise Refused(OnceNotSaid())
    with _stopped_by_signals() as stop:
        if processes == 1:
            _serve(path, once, stop, at)
        else:
            _serve_many(path, once, processes, stop)


def _serve(path: str, once: bool, stop: Event, at: str | None = None) -> None:
    """Work in this process; in a district for trials as of another moment."""
    with open_district(path) as district:
        if at:
            stop_the_clock(district, at)
        found = Worker(district, report=_error)
        if once:
            _drain(district, found, stop, district.now() if at else None)
        else:
            Thread(target=_tell_minutely, args=(found.did, stop), daemon=True).start()
            found.run(stop)
        _tell(found.did)


def _drain(district: District, worker: Worker, stop: Event, now: datetime | None) -> None:
    while not stop.is_set() and worker.run_once(now=now, stop=stop):
        pass
    worker.did.sealed += district.sealing.seal()
    district.heads.keep()
    district.register.erase_due()
    district.retiring.work()
    district.deliveries.purge()


def _serve_many(path: str, once: bool, processes: int, stop: Event) -> None:
    """Keep so many processes at work; one that dies is replaced."""
    open_district(path).close()  # what is wrong with the district is said once, here
    working = [_started(path, once) for _ in range(processes)]
    while working and not stop.wait(RESTART_SECONDS):
        ended = [one for one in working if not one.is_alive()]
        working = [one for one in working if one.is_alive()]
        for one in ended:
            if not (once and one.exitcode == 0):
                _error(
                    say("worker {pid} ended with {code}; another one begins", pid=one.pid, code=one.exitcode)
                )
                working.append(_started(path, once))
    for one in working:
        one.terminate()
    for one in working:
        one.join()


def _started(path: str, once: bool) -> BaseProcess:
    process = get_context("spawn").Process(target=_serve_alone, args=(path, once))
    process.start()
    return process


def _serve_alone(path: str, once: bool) -> None:
    try:
        with _stopped_by_signals() as stop:
            _serve(path, once, stop)
    except LinliError as error:
        click.echo(str(error), err=True)
        sys.exit(error.exit_code)


@contextmanager
def _stopped_by_signals() -> Iterator[Event]:
    """An event that SIGTERM and Ctrl-C set, so that what is being carried out is finished first."""
    stop = Event()
    before = {one: signal.signal(one, lambda *_: stop.set()) for one in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def _tell_minutely(did: Done, stop: Event) -> None:
    told = str(did)
    while not stop.wait(REPORT_SECONDS):
        if str(did) != told:
            told = str(did)
            _tell(did)


def _tell(did: Done) -> None:
    click.echo(
        str(
            say(
                "carried out {carried_out}, failed {failed}, given up {dead}, sealed {sealed}",
                carried_out=did.carried_out,
                failed=did.failed,
                dead=did.dead,
                sealed=did.sealed,
            )
        )
    )


def _error(text: Text) -> None:
    click.echo(str(text), err=True)
