"""What is logged: one JSON object a line on standard error, and never what stands on a plan.

Plans are named, their content is not. Messages of exceptions and of libraries may repeat values,
so of those only the type and the place in the code are told.
"""

import logging
import sys
import traceback
from typing import Any

import structlog

OUTSPOKEN = ("uvicorn", "apscheduler")
"""Libraries whose own messages are known to hold nothing of a plan, errors apart."""

DEEPEST = 3
"""How many places in the code are told of an exception."""


structlog.configure(
    processors=[
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ],
    wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    # Standard error is looked up for each line: tests and servers put another in its place.
    logger_factory=lambda *_: structlog.WriteLogger(sys.stderr),
    cache_logger_on_first_use=False,
)


def take_over_libraries() -> None:
    """Send what libraries log, and warnings, to the same place in the same form."""
    root = logging.getLogger()
    root.handlers[:] = [LibraryLines()]
    root.setLevel(logging.INFO)
    for chatty in ("apscheduler", "httpx", "sqlalchemy"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        library = logging.getLogger(name)
        library.handlers.clear()
        library.setLevel(logging.NOTSET)
        library.propagate, library.disabled = True, False
    logging.captureWarnings(capture=True)


def logger(of: str) -> Any:
    """Give the logger of a part of the program."""
    return structlog.get_logger(part=of)


def told(wrong: BaseException) -> dict[str, Any]:
    """Tell of an exception what may be told: its type, and where it was raised."""
    places = traceback.extract_tb(wrong.__traceback__)[-DEEPEST:]
    where = [f"{place.filename.rpartition('/')[2]}:{place.lineno}" for place in places]
    return {"why": type(wrong).__name__, "where": where}


class LibraryLines(logging.Handler):
    """Words what libraries log without the values that they may repeat."""

    def emit(self, record: logging.LogRecord) -> None:
        """Log the line of a library in our form."""
        outspoken = record.name.startswith(OUTSPOKEN) and record.levelno < logging.ERROR
        wrong = record.exc_info[1] if record.exc_info else None
        more = told(wrong) if wrong else {"where": [f"{record.module}:{record.lineno}"]}
        said = record.getMessage() if outspoken and not wrong else "a library logged something"
        logger(record.name).log(record.levelno, said, **more)
