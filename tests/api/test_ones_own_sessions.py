"""People see where they are signed in, and sign out of all of it (ASVS V7.5.2)."""

from api.desks import CHAIR, TEACHER, Office


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
