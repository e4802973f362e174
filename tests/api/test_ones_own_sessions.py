"""People see where they are signed in, sign out of all of it (ASVS V7.5.2), and say what for."""

from api.desks import CHAIR, TEACHER, Office
from plantrack.access_log import queries


def test_somebody_sees_their_sessions_and_ends_them_everywhere(here: Office) -> None:
    one, two, other = (here.as_somebody(who) for who in (CHAIR, CHAIR, TEACHER))
    listed = here.client.get("/api/session", headers=one).json()["sessions"]
    assert [each["post"] for each in listed] == ["chair@csc"] * 3  # the office's own is one

    ended = here.client.post("/api/session/end", params={"everywhere": "true"}, headers=one)

    assert ended.json() == {"ended": True}
    assert [here.client.get("/api/session", headers=h).status_code for h in (one, two)] == [401] * 2
    assert here.client.get("/api/session", headers=other).status_code == 200


def test_signing_out_here_leaves_the_other_sessions(here: Office) -> None:
    one, two = here.as_somebody(CHAIR), here.as_somebody(CHAIR)

    here.client.post("/api/session/end", headers=one)

    assert [here.client.get("/api/session", headers=h).status_code for h in (one, two)] == [
        401,
        200,
    ]


def test_what_somebody_says_they_look_for_is_written_down_with_each_look(here: Office) -> None:
    here.open("CP-1")
    one, other = here.as_somebody(CHAIR), here.as_somebody(CHAIR)
    said = {"post": "chair@csc", "purpose": "complaint 2026-17"}
    assert here.client.post("/api/session/post", json=said, headers=one).status_code == 200

    for headers in (one, other):
        assert here.client.get("/api/plans/CP-1", headers=headers).status_code == 200

    purposes = [each.looked.purpose for each in queries.looked(here.sources.access).rows]
    assert purposes == [None, "complaint 2026-17"]


def test_a_purpose_that_says_nothing_is_refused(here: Office) -> None:
    said = {"post": "chair@csc", "purpose": "  "}

    assert here.client.post("/api/session/post", json=said).status_code == 422
