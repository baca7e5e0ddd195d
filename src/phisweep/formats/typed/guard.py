"""What Arrow and other libraries raise, as errors of the document: their messages may hold values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

import pyarrow as pa

from phisweep.errors import DocumentError
from phisweep.formats.base import failed
from phisweep.formats.typed.shape import NotRead
from phisweep.formats.typed.words import NotText
from phisweep.model import Source

P = ParamSpec("P")
T = TypeVar("T")


@contextmanager
def reading(source: Source) -> Iterator[None]:
    """Turn what Arrow raises into DocumentError: its messages may hold values."""
    try:
        yield
    except NotRead as kind:
        what = f"a column is of a type that is not taken apart: {kind}"
        raise failed("E223", source, what, "Write the column as a struct or as text.") from None
    except NotText:
        raise not_text(source) from None
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        if "ncrypt" in str(error):
            raise encrypted(source) from None
        if "UTF8" in str(error) or isinstance(error, UnicodeError):
            raise not_text(source) from None
        raise damaged(source) from None


def guarded(
    source: Source, make: Callable[P, Iterator[T]], *args: P.args, **kwargs: P.kwargs
) -> Iterator[T]:
    """Yield what an iterator yields. Raises DocumentError where Arrow cannot go on."""
    with reading(source):
        items = make(*args, **kwargs)
    while True:
        with reading(source):
            item = next(items, None)
        if item is None:
            return
        yield item


def damaged(source: Source) -> DocumentError:
    """Return the error for a file that its library cannot read to its end."""
    what = "it is damaged, cut off, or of a version that is not read"
    return failed("E221", source, what, "Get it again from where it came from, or write it anew.")


def encrypted(source: Source) -> DocumentError:
    """Return the error for a file of which a column or all is encrypted."""
    return failed("E222", source, "it is encrypted", "Decrypt it first.")


def not_text(source: Source) -> DocumentError:
    """Return the error for text that is not UTF-8."""
    what = "a column or name of text holds bytes that are not valid UTF-8"
    return failed("E203", source, what, "Write the column as binary, or repair it.")


def several(source: Source) -> DocumentError:
    """Return the error for a file of several tables, which no copy can hold."""
    what = "it holds several tables"
    return failed("E225", source, what, "Write each to a file of its own.")
