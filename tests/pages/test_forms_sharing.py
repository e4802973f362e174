"""Telling the others: who will read it is seen before it is sent, and who will not has a reason."""

from typing import Any

from pages.filling_in import Fields, as_shown, errors_of, filled_in, send, told
from pages.serving import Demo
from partnership import NURSE, POLICE, TEACHER

SHARE = "/plans/CP-101/share"
KEPT = "Police were called twice at night"
OTHERS = {"csc", "school", "school-nursing", "early-help"}


def last(demo: Demo) -> Any:
    return demo.services.record.entries("CP-101")[-1].event


def typed(demo: Demo, *to: str) -> Fields:
    page = demo.as_(POLICE).get(SHARE)
    assert "If Perrin is in danger now, call 999" in told(page.text)
    sent = filled_in(page.text, what=KEPT, about="mother")
    return {**sent, "to": list(to)}


def test_recipients_are_seen_before_it_is_sent_and_the_others_need_a_reason(demo: Demo) -> None:
    client, before = demo.as_(POLICE), last(demo)
    readers = send(client, SHARE, typed(demo, "csc", "school"))
    words = told(readers.text)
    assert readers.status_code == 200
    assert "Who will read this before you send it" in words
    assert "call 999" in words
    assert "Send to 2 agencies" in words
    assert last(demo) == before
    silent = send(client, SHARE, as_shown(readers.text), step="confirm")
    assert errors_of(silent.text) == {
        "why-not-early-help": "Enter why you do not tell early help",
        "why-not-school-nursing": "Enter why you do not tell the school nurse",
    }
    why = {"why-not-early-help": "not needed", "why-not-school-nursing": "told by telephone"}
    send(client, SHARE, as_shown(silent.text), step="confirm", **why)
    shared = last(demo)
    assert (shared.from_, shared.what, shared.about) == ("police", KEPT, ("mother",))
    assert set(shared.to) == {"csc", "school"}
    assert shared.withheld_from == {
        "early-help": "not needed",
        "school-nursing": "told by telephone",
    }


def test_going_back_keeps_everything_typed_also_the_reasons(demo: Demo) -> None:
    client, before = demo.as_(POLICE), last(demo)
    sent = typed(demo, "csc", "school", "early-help")
    readers = send(client, SHARE, sent)
    assert "Send to 3 agencies" in told(readers.text)
    why = {"why-not-school-nursing": "has left"}
    changing = send(client, SHARE, as_shown(readers.text), step="change", **why)
    shown = as_shown(changing.text)
    assert {name: sorted(shown[name]) for name in sent} == {k: sorted(sent[k]) for k in sent}
    assert as_shown(send(client, SHARE, shown).text)["why-not-school-nursing"] == ["has left"]
    assert last(demo) == before


def test_an_item_is_told_to_more_agencies_under_its_own_name(demo: Demo) -> None:
    client = demo.as_(TEACHER)
    first = filled_in(client.get(SHARE).text, what="He was hungry again")
    rest = OTHERS - {"school", "csc"} | {"police"}
    why = {f"why-not-{name}": "not yet" for name in rest}
    send(client, SHARE, {**first, "to": ["csc"]}, step="confirm", **why)
    item = last(demo).item
    page = client.get(f"{SHARE}?item={item}")
    shown = as_shown(page.text)
    assert shown["what"] == ["He was hungry again"]
    assert "Children's social care" not in told(page.text)
    more = {**filled_in(page.text), "to": ["police"]}
    del why["why-not-police"]
    send(client, SHARE, more, step="confirm", **why)
    assert (last(demo).item, set(last(demo).to)) == (item, {"police"})


def test_somebody_elses_item_cannot_be_told_on(demo: Demo) -> None:
    client = demo.as_(NURSE)
    items = {
        e.event.item: e.event.from_
        for e in demo.services.record.entries("CP-101")
        if hasattr(e.event, "item") and hasattr(e.event, "from_")
    }
    foreign = next(name for name, whose in items.items() if whose != "school-nursing")
    page = client.get(f"{SHARE}?item={foreign}")
    sent = {**filled_in(page.text, what="mine"), "item": [foreign]}
    refused = send(client, SHARE, sent)
    assert refused.status_code == 422
