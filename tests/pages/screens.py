"""``make screens``: a picture of every page, wide and narrow, for somebody to look at."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from browser import running
from pages.every_page import conference_pages, every
from pages.serving import served
from pages.visiting import picture
from partnership import TODAY
from plantrack.demo.partnership import SMALL, build


def main(folder: Path) -> None:
    """Picture every page of a demonstration into a folder."""
    with TemporaryDirectory() as place, running() as browser:
        path = Path(place) / "partnership.db"
        build(path, TODAY, SMALL)
        with served(f"sqlite:///{path}") as demo:
            count = picture(demo, browser, [*every(), *conference_pages(demo)], folder)
    sys.stdout.write(f"{count} pages are pictured in {folder}.\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
