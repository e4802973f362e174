"""Why somebody is not let in: a word for machines, and a sentence for the person who tried."""

from enum import StrEnum

AGAIN = "Start again from the sign-in page."
ASK = "Tell whoever looks after plantrack."


class Reason(StrEnum):
    """Why a sign-in or a token is refused; never anything of the person."""

    STATE = "state"
    MIXED_UP = "mixed_up"
    DENIED = "denied"
    NO_CODE = "no_code"
    REPLAYED_CODE = "replayed_code"
    NOT_OUR_CLIENT = "not_our_client"
    PROVIDER_UNREACHABLE = "provider_unreachable"
    PROVIDER_WRONG = "provider_wrong"
    UNREADABLE = "unreadable"
    ALG = "alg"
    WRONG_KIND = "wrong_kind"
    UNKNOWN_KEY = "unknown_key"
    BAD_SIGNATURE = "bad_signature"
    WRONG_ISSUER = "wrong_issuer"
    WRONG_AUDIENCE = "wrong_audience"
    WRONG_NONCE = "wrong_nonce"
    WRONG_CLAIM = "wrong_claim"
    EXPIRED = "expired"
    FROM_THE_FUTURE = "from_the_future"
    NO_SUBJECT = "no_subject"
    NO_MFA = "no_mfa"
    TOO_LONG_AGO = "too_long_ago"
    NOT_A_MACHINE = "not_a_machine"
    NO_SCOPE = "no_scope"

    @property
    def says(self) -> str:
        """Word it for the person who tried."""
        return SAYS.get(self, UNTRUSTED)


UNTRUSTED = f"What the sign-in service sent cannot be trusted. {AGAIN} If this goes on: {ASK}"
"""Whatever is wrong with a token, the person can do no more than this about it."""

SAYS = {
    Reason.STATE: f"This is not the sign-in that was begun in this browser. {AGAIN}",
    Reason.MIXED_UP: (
        f"Another sign-in service answered than the one that was asked. {AGAIN} "
        f"If you did not start to sign in just now: {ASK}"
    ),
    Reason.DENIED: f"The sign-in service did not let you in. {AGAIN}",
    Reason.NO_CODE: f"The sign-in service sent nothing to go on. {AGAIN}",
    Reason.REPLAYED_CODE: f"This sign-in was used before, or took too long. {AGAIN}",
    Reason.NOT_OUR_CLIENT: f"The sign-in service does not know plantrack. {ASK}",
    Reason.PROVIDER_UNREACHABLE: (
        "The sign-in service cannot be reached just now. Try again in a few minutes."
    ),
    Reason.PROVIDER_WRONG: f"The sign-in service is not set up as plantrack needs it. {ASK}",
    Reason.EXPIRED: f"What the sign-in service sent is no longer valid. {AGAIN}",
    Reason.FROM_THE_FUTURE: (
        f"The clocks of plantrack and of the sign-in service differ too much. {ASK}"
    ),
    Reason.NO_MFA: (
        "You signed in without a second proof, such as a code or a key. "
        "Sign in again and give it; if you were not asked for one, tell your IT service."
    ),
    Reason.TOO_LONG_AGO: "You proved who you are too long ago. Sign in again.",
    Reason.NOT_A_MACHINE: "This token was given to a person. Use one that was given to a machine.",
    Reason.NO_SCOPE: "This token does not allow that. Ask for one with the scope that is needed.",
}


class SignInRefused(Exception):
    """Nobody is known by this; the message is for the person who tried."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.says)
        self.reason = reason


class CannotSignIn(Exception):
    """Sessions cannot be kept or looked up now; the message says why and what to do."""
