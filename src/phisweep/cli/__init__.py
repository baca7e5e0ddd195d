"""
The command line: parse, one call into the use cases, print, exit code.

Each command is a module of this folder with a click command called `command`; it is imported when
it is asked for, so that one command does not pay for another's libraries.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import os
import pkgutil
import secrets
import signal
import sys
from collections.abc import Sequence

import click

from phisweep.errors import InternalError, PhisweepError, place_of

INTERRUPTED = 130
#: Objects until Python looks for circles of garbage among them. What a start makes lives until the
#: end: to look through it every 700 objects, and once more at the end, takes a quarter of a start.
_CIRCLES = 100_000
#: Commands by what they are for; one that stands in none comes last.
SECTIONS = {
    "Find and remove": ("scan", "plan", "deid", "verify", "explain"),
    "Keep it out": ("init", "gate", "baseline", "allow", "commit-msg"),
    "Prove it": ("report", "evaluate", "canary", "risk", "sample", "review", "signoff"),
    "Rules, keys, set-up": ("rules", "vault", "keygen", "doctor"),
}
_BEGIN = """\b
Begin with:
  phisweep scan DATA           what is there; nothing is written
  phisweep deid DATA -o OUT    copies without it, and the report

Exit: 0 done, 1 findings, 2 usage, 3 not all was read, 4 something is missing, 5 a check failed,
6 the policy conflicts with the law. Manual: docs/commands.md.
"""


class _Lazy(click.Group):
    """Finds commands as modules of this folder."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names of all commands."""
        names = (m.name for m in pkgutil.iter_modules(__path__) if not m.name.startswith("_"))
        return sorted(name.replace("_", "-") for name in names)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of a command."""
        if cmd_name not in self.list_commands(ctx):
            return None
        module = importlib.import_module(f"{__name__}.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands by what they are for, each with its whole first sentence."""
        left = self.list_commands(ctx)
        for title, names in {**SECTIONS, "More": tuple(left)}.items():
            rows = []
            for name in (name for name in names if name in left):
                command = self.get_command(ctx, name)
                if command is not None and not command.hidden:
                    rows.append((name, " ".join((command.help or "").partition("\n\n")[0].split())))
            left = [name for name in left if name not in names]
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]}, epilog=_BEGIN)
@click.version_option(package_name="phisweep", prog_name="phisweep")
def cli() -> None:
    """Find, remove and account for protected health information, offline."""


def _left_as_it_is() -> None:
    """Spare the end a last look for garbage; DuckDB's library alone would call that a leak."""
    if "_duckdb" not in sys.modules:
        gc.freeze()


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and exit by the contract; no traceback and no value leaves by this door."""
    gc.set_threshold(_CIRCLES)
    atexit.unregister(_left_as_it_is)
    atexit.register(_left_as_it_is)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # leaves nothing half-written either
    try:
        status = cli.main(args=arguments, prog_name="phisweep", standalone_mode=False)
    except PhisweepError as error:
        _exit(f"phisweep: {error}", error.status)
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except click.UsageError as error:
        usage = f"\n{error.ctx.get_usage()}" if error.ctx else ""
        _exit(f"phisweep: error[E100]: {error.format_message()}{usage}", 2)
    except click.ClickException as error:
        _exit(f"phisweep: error[E100]: {error.format_message()}", 2)
    except (KeyboardInterrupt, click.Abort):
        _exit("phisweep: interrupted; nothing half-written is left", INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as error:  # noqa: BLE001 - the last door: its message may hold a value
        crash = InternalError(
            "E700",
            f"{place_of(error)}, crash {secrets.token_hex(4)}",
            todo="Report this line; it holds no value of the data.",
        )
        _exit(f"phisweep: {crash}", crash.status)
    else:
        sys.exit(status or 0)


def _exit(words: str, status: int) -> None:
    click.echo(words, err=True)
    sys.exit(status)
