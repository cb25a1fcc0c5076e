"""What each problem code means."""

from typing import Annotated

from fastapi import APIRouter, Path

from app.domain.errors import NotThere
from app.schemas.problems import Explanation
from app.texts.problems import DETAILS, TITLES
from app.web.problems import all_facts, status_of

router = APIRouter()


@router.get("/problems/{code}", tags=["system"])
async def explain_problem(code: Annotated[str, Path(max_length=100)]) -> Explanation:
    """Explain a problem's code in both languages.

    It is what the `type` of a refusal leads to: the HTTP status, a title, and a sentence in which `{…}` stands for a
    fact of the problem. A code that there is not is a 404.
    """
    kind = next((each for each in all_facts() if each.code == code), None)
    if kind is None:
        raise NotThere(thing="problem")
    return Explanation.model_validate(
        {"code": code, "status": status_of(kind), "title": TITLES[code], "detail": DETAILS[code]}
    )
