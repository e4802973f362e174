"""Build the files that a browser loads before they are packed. All else is in pyproject.toml."""

import subprocess
import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py
from setuptools.command.sdist import sdist

BUILD = Path(__file__).parent / "assets" / "build.py"


def build_assets() -> None:
    """Build what has changed since it was built last."""
    subprocess.run([sys.executable, str(BUILD)], check=True)


class PackAll(build_py):
    """Pack the modules and what the pages load."""

    def run(self) -> None:
        build_assets()
        super().run()


class PackSources(sdist):
    """Pack the sources and what the pages load, so that no registry of npm is needed later."""

    def run(self) -> None:
        build_assets()
        super().run()


setup(cmdclass={"build_py": PackAll, "sdist": PackSources})
