"""Somebody proves again who they are, and only they go on with their session."""

from datetime import datetime, timedelta

from entrance.forging import Forging
from entrance.site import Site
from entrance.visitor import SESSION, Visitor
from plantrack.domain.rights import events as rights_events
from plantrack.domain.rights.words import Duty
from signin.forger import Forger
from signin.issuers import Issuers, sign_in_by_hand


def proved_at(visitor: Visitor) -> datetime:
    return datetime.fromisoformat(visitor.get("/api/session").json()["proved_at"])


def test_what_needs_a_fresh_proof_is_done_after_proving_again_and_not_before(
    site: Site, forger: Forger, visitor: Visitor
) -> None:
    site.know("kim", Duty.SERVICE_MANAGER, issuer=forger.issuer)
    Forging(forger, visitor).sign_in(sub="kim")
    site.clock.ahead = timedelta(minutes=6)

    before = visitor.get("/api/export")
    proving = Forging(forger, visitor, step_up="true", then="/api/session")
    back = proving.sign_in(sub="kim")

    assert before.status_code == 401
    assert "insufficient_user_authentication" in before.headers["www-authenticate"]
    assert back.headers["location"] == "/api/session"
    assert visitor.get("/api/export").status_code == 200


def test_a_proof_from_before_it_was_asked_for_is_none(
    site: Site, forger: Forger, visitor: Visitor
) -> None:
    site.know("kit", Duty.SERVICE_MANAGER, issuer=forger.issuer)
    Forging(forger, visitor).sign_in(sub="kit")
    earlier = int(site.clock().timestamp())
    site.clock.ahead = timedelta(minutes=6)

    back = Forging(forger, visitor, step_up="true").sign_in(sub="kit", auth_time=earlier)

    assert back.status_code == 403
    assert visitor.get("/api/export").status_code == 401


def test_proving_again_gives_a_new_cookie_and_the_old_one_is_dead(
    site: Site, two_issuers: Issuers, visitor: Visitor, another: Visitor
) -> None:
    site.know("lea", Duty.CHAIR, Duty.TEAM_MANAGER, issuer=two_issuers.council)
    visitor.sign_in("council", "lea")
    visitor.send("/api/session/post", {"post": "team_manager@csc"})
    first, before = visitor.session, site.sessions()
    another.cookies = {SESSION: str(first)}

    visitor.sign_in(None, "lea", step_up="true")

    assert visitor.session not in (None, first)
    assert visitor.get("/api/session").json()["post"] == "team_manager@csc"
    assert another.get("/api/session").status_code == 401
    assert site.sessions() == before


def test_without_a_name_one_is_sent_to_where_the_session_came_from(
    site: Site, two_issuers: Issuers, visitor: Visitor, another: Visitor
) -> None:
    site.know("mia", Duty.CHAIR, issuer=two_issuers.council)
    site.know("max", Duty.PARTNER_LEAD, issuer=two_issuers.police, agency="police")
    visitor.sign_in("council", "mia")
    another.sign_in("police", "max")

    assert visitor.begin(None, step_up="true").startswith(two_issuers.council)
    assert another.begin(None, step_up="true").startswith(two_issuers.police)


def test_who_is_not_signed_in_chooses_where_to_prove_it(site: Site, visitor: Visitor) -> None:
    page = visitor.see("/sign-in?step_up=true&then=/api/session")

    assert page.status_code == 200
    assert "provider=police&amp;then=%2Fapi%2Fsession&amp;step_up=true" in page.text


def test_nobody_else_renews_the_session_not_even_the_same_person_under_another_identity(
    site: Site, two_issuers: Issuers, visitor: Visitor
) -> None:
    site.know("ned", Duty.CHAIR, issuer=two_issuers.council)
    site.know("nan", Duty.CHAIR, issuer=two_issuers.council)
    site.say(rights_events.IdentityLinked(person="ned", issuer=two_issuers.police, subject="ned"))
    visitor.sign_in("council", "ned")
    cookie, since, before = visitor.session, proved_at(visitor), site.sessions()

    for provider, login in (("council", "nan"), ("police", "ned")):
        back = visitor.sign_in(provider, login, step_up="true")

        assert back.status_code == 403
        assert '<h1 class="govuk-heading-l">You did not prove who you are</h1>' in back.text
        assert "Somebody else is signed in here" in back.text

    assert (visitor.session, proved_at(visitor)) == (cookie, since)
    assert site.sessions() == before


def test_who_cancels_or_gives_one_proof_goes_on_as_before(
    site: Site, two_issuers: Issuers, visitor: Visitor
) -> None:
    site.know("ola", Duty.CHAIR, issuer=two_issuers.council)
    visitor.sign_in("council", "ola")
    cookie, since = visitor.session, proved_at(visitor)

    cancelled = visitor.sign_in(None, None, step_up="true")
    one_proof = visitor.sign_in(None, "nomfa-ola", step_up="true")

    assert (cancelled.status_code, one_proof.status_code) == (403, 403)
    assert (visitor.session, proved_at(visitor)) == (cookie, since)


def test_a_proof_that_outlasts_the_session_signs_in_anew(
    site: Site, two_issuers: Issuers, visitor: Visitor
) -> None:
    site.know("pam", Duty.CHAIR, issuer=two_issuers.council)
    visitor.sign_in("council", "pam")
    callback = sign_in_by_hand(visitor.begin(None, step_up="true"), "pam")
    first = visitor.session
    site.sources.sessions.end(str(first))

    visitor.see(callback)

    assert visitor.session not in (None, first)
    assert visitor.get("/api/session").json()["person"] == "pam"


def test_proving_again_does_not_make_a_session_longer(
    site: Site, two_issuers: Issuers, visitor: Visitor
) -> None:
    site.know("pip", Duty.CHAIR, issuer=two_issuers.council)
    visitor.sign_in("council", "pip")
    [session] = site.sources.sessions.sessions_of("pip")

    visitor.sign_in(None, "pip", step_up="true")

    [renewed] = site.sources.sessions.sessions_of("pip")
    assert renewed.started_at == session.started_at
    assert renewed.auth_time >= session.auth_time
