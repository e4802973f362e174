"""Whose service it is stands in a file; what is wrong there is told by its name and line."""

from pathlib import Path

import pytest

from plantrack.application.council import BadCouncil, Council, contrast_with_white, read

GOOD = """\
name = "Exton Council"
service = "Plans for children"
colour = "#4a1d6b"
logo = "logo.svg"
phone = "01632 960 001"
email = "plans@exton.example"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "logo.svg").write_bytes(b"<svg/>")
    (tmp_path / "large.png").write_bytes(b"x" * 100_001)
    (tmp_path / "full.png").write_bytes(b"x" * 100_000)
    return tmp_path / "council.toml"


def wrong(file: Path, text: str) -> str:
    file.write_text(text)
    with pytest.raises(BadCouncil) as told:
        read(file)
    return str(told.value)


def test_everything_can_be_said(file: Path) -> None:
    file.write_text(GOOD)

    assert read(file) == Council(
        name="Exton Council",
        service="Plans for children",
        colour="#4a1d6b",
        logo=b"<svg/>",
        phone="01632 960 001",
        email="plans@exton.example",
    )


def test_what_is_not_said_is_as_in_the_example(file: Path) -> None:
    file.write_text('name = "Exton Council"\nlogo = "full.png"\n')

    assert read(file) == Council(name="Exton Council", logo=b"x" * 100_000, logo_type="image/png")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("colour = '#777777'", "“colour” is too light: white text on it has a contrast of 4.48"),
        ("colour = 'red'", "“colour” must be a colour such as “#00625e”."),
        ("phone = 1632", "“phone” must be a telephone number"),
        ("email = 'nobody'", "“email” must be an email address"),
        ("logo = 'logo.gif'", "“logo” must name a file that ends in .svg or .png."),
        ("logo = 'none.svg'", "“logo” names a file that cannot be read"),
        ("logo = 'large.png'", "“logo” names a file that is empty or larger than 100 kB."),
        ("service = ''", "“service” must be text in quotation marks."),
        ("service = 'a\\u0007'", "“service” must be text in quotation marks."),
        ("color = '#000000'", "“color” is no setting here. Known: name, service, colour"),
        ("[colour]", "“colour” must be a colour"),
    ],
)
def test_what_is_wrong_is_told_by_its_name_and_line(file: Path, line: str, says: str) -> None:
    told = wrong(file, f'name = "Exton"\n\n{line}\n'.replace("'", '"'))

    assert told.startswith(f"council.toml, line 3: {says}")


def test_all_that_is_wrong_is_told_at_once(file: Path) -> None:
    assert len(wrong(file, "name = 1\nphone = 2\n").splitlines()) == 2
    assert "is not TOML" in wrong(file, "name: Exton")


@pytest.mark.parametrize(
    ("colour", "contrast"), [("#ffffff", 1.0), ("#000000", 21.0), ("#767676", 4.54)]
)
def test_contrast_is_that_of_wcag(colour: str, contrast: float) -> None:
    assert contrast_with_white(colour) == pytest.approx(contrast, abs=0.01)


def test_the_lightest_colour_that_will_do_is_taken(file: Path) -> None:
    file.write_text('colour = "#767676"')

    assert read(file).colour == "#767676"
