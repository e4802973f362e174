"""A repeat after the answer was lost: what was recorded is answered as it would have been."""

import asyncio
from typing import Any

from api.desks import Office, seen
from plantrack.application.commands import Receipt


def test_what_was_recorded_although_its_answer_was_lost_is_recorded_once(
    here: Office, monkeypatch: Any
) -> None:
    here.open()
    headers = {"If-Match": '"1"', "Idempotency-Key": "k1"}
    carry_out = here.services.commands.carry_out_soon
    lost: list[Receipt] = []

    async def lose(*said: Any, **more: Any) -> Receipt:
        lost.append(await carry_out(*said, **more))
        await asyncio.sleep(0)
        raise ConnectionResetError

    with monkeypatch.context() as patched:
        patched.setattr(here.services.commands, "carry_out_soon", lose)
        gone = here.client.post("/api/plans/CP-1/entries", json=seen(), headers=headers)
    again = here.client.post("/api/plans/CP-1/entries", json=seen(), headers=headers)

    assert gone.status_code == 500
    assert again.status_code == 201
    assert again.json()["entry"] == lost[0].entries[0].number == 2
    assert here.place(again.json()["position"]) == lost[0].position
    assert here.services.record.last_number("CP-1") == 2
