"""Pages of an interview: before the first question, the questions, the result, and slips put right."""

from trim.web.pages.interviews import begin, draft, questions, result, slips
from trim.web.pages.interviews.room import bp

__all__ = ["begin", "bp", "draft", "questions", "result", "slips"]
