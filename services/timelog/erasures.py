"""Ends erasures of people that were broken off."""

from chassis.erasing import Erasing, end_erasures
from chassis.run import Parts
from services.timelog import streams
from services.timelog.deciders import PERSON
from services.timelog.domain.person import ErasePerson
from services.timelog.events import PersonErased
from vocabulary.identity import PersonId

PEOPLE = Erasing("person", PERSON, streams.person, lambda person_id: ErasePerson(PersonId(person_id)), PersonErased)


async def erasures(parts: Parts) -> None:
    await end_erasures(parts, PEOPLE)
