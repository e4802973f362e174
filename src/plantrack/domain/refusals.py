"""Why something cannot be put on the record: one family, each worded for the person who tried.

* Refusal
  - Unreadable             what was sent is not an event object
  - NoSuchPlan             the plan has no opening
  - AlreadyOpened          a plan is opened once
  - PlanHasEnded           nothing may be dated after the end of a plan
  - NotOnThisPlan          the event names something the plan does not hold
  - AlreadyOnThisPlan      a short name is used once
  - DayNotPossible         the day lies before the referral, in the future, or where it may not
  - PlansOverlap           a child's plans would stand side by side
  - EndNotDecided          a child protection plan ends by a review conference's decision
  - ActionsLeftOpen        an ending says what becomes of every open action
  - OwnWork                nobody approves or answers for their own work
  - NotForThisKind         the event does not fit this kind of plan
  - Incomplete             something that the event must say is not said
  - OnlyTheTracker         only the tracker says this
  - CannotBePutRight       a correction or retraction that cannot be applied
  - MomentBeforePlan       there was no plan yet at the moment asked for
  - StaleVersion           somebody else wrote first
  - CommandReused          one command id, two different commands
  - NotAllowed             this is not for the person, in the role that they act in
  - ProveAgain             something that needs a proof of who one is from the last five minutes
  - RightNotPossible       a right that cannot be given, changed or ended so
"""


class Refusal(Exception):
    """An event cannot be recorded. The message is written for the person who tried."""


class Unreadable(Refusal):
    """What was sent cannot be read as an event."""


class NoSuchPlan(Refusal):
    """No plan of this name is open on the record."""

    def __init__(self, plan: str) -> None:
        super().__init__(
            f"There is no plan {plan} on the record. Open it first, or check its name."
        )


class AlreadyOpened(Refusal):
    """A plan is opened once."""

    def __init__(self, plan: str) -> None:
        super().__init__(
            f"Plan {plan} is already on the record. Choose another name for a new plan."
        )


class PlanHasEnded(Refusal):
    """Nothing may be dated after the end of a plan (DfE 8565)."""


class NotOnThisPlan(Refusal):
    """The event names something the plan does not hold."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} is not on this plan. Record it first, or check its name.")


class AlreadyOnThisPlan(Refusal):
    """Each thing on a plan has a name of its own."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} is already on this plan. Choose another name for a new one.")


class DayNotPossible(Refusal):
    """The day that the event states cannot be right."""


class PlansOverlap(Refusal):
    """A child has one plan at a time (DfE 8935, 8940, 4001, 4016, 4017)."""


class EndNotDecided(Refusal):
    """A child protection plan ends by the decision of a review conference."""


class ActionsLeftOpen(Refusal):
    """An ending says what becomes of every open action."""


class OwnWork(Refusal):
    """Nobody approves or answers for their own work."""


class NotForThisKind(Refusal):
    """The event does not fit this kind of plan."""


class Incomplete(Refusal):
    """Something that the event must say is not said."""


class OnlyTheTracker(Refusal):
    """Only the tracker itself may say this."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"{kind} is written by the tracker alone. Leave it out.")


class CannotBePutRight(Refusal):
    """A correction or retraction that cannot be applied."""


class MomentBeforePlan(Refusal):
    """There was no plan yet at the moment asked for."""


class StaleVersion(Refusal):
    """Somebody else added an entry since this person last read the plan."""

    def __init__(self, plan: str, last_read: int, now: int) -> None:
        super().__init__(
            f"You had read plan {plan} to entry {last_read}; it is now at entry {now}. "
            "Read what was added, then try again."
        )
        self.now = now


class CommandReused(Refusal):
    """A command id stands for one command only."""

    def __init__(self) -> None:
        super().__init__(
            "This command id was already used for something else. Use a new one for each command."
        )


class NotAllowed(Refusal):
    """Something that is not for this person to do, in the role that they act in."""


class ProveAgain(Refusal):
    """Something that needs a fresh proof of who somebody is."""

    def __init__(self) -> None:
        super().__init__(
            "Sign in again to do this: it needs a proof of who you are from the last five minutes."
        )


class RightNotPossible(Refusal):
    """A right that cannot be given, changed or ended so."""
