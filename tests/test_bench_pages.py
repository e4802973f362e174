"""No page goes unmeasured: each is opened by the benchmark, or left out with a reason."""

import pytest

from bench import addresses
from bench.addresses import ALSO_ASKED, DRAWN, LEFT_OUT, fields_of, not_measured, routes


def test_every_page_is_measured_or_left_out_with_a_reason() -> None:
    assert not_measured() == [], (
        "Say in bench/addresses.py what to draw for these addresses, or why they are left out."
    )
    assert all(LEFT_OUT.values())


def test_what_is_left_out_or_asked_for_besides_is_a_page_that_there_is() -> None:
    assert LEFT_OUT.keys() | ALSO_ASKED.keys() <= routes().keys()
    assert not LEFT_OUT.keys() & ALSO_ASKED.keys()


def test_everything_in_an_address_can_be_drawn_and_somebody_may_open_it() -> None:
    asked = addresses.addresses()
    assert {"/plans", "/plans/{plan}", "/alerts"} <= {each.written for each in asked}
    for each in asked:
        assert fields_of(each.written) <= DRAWN
        assert each.duties, f"nobody may open {each.written}"


def test_a_page_whose_address_nobody_can_draw_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    known = routes()
    moon = {"/moons/{moon}": known["/plans"]}
    monkeypatch.setattr(addresses, "routes", lambda: {**known, **moon})
    assert not_measured() == ["/moons/{moon}"]
