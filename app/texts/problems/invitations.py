"""The words of the errors of invitations."""

from app.texts.words import Words

WORDS: Words = {
    "agreement_exists": (
        "Sudah ada perjanjian",
        "An agreement exists",
        "Instansi sudah menandatangani perjanjian; kesediaan tidak dapat ditarik, perjanjian harus diakhiri.",
        "The agency has signed an agreement: its commitment cannot be withdrawn, only the agreement terminated.",
    ),
    "due_date_passed": (
        "Batas waktu sudah lewat",
        "Due date passed",
        "Batas waktu {due_on} sudah lewat.",
        "The due date {due_on} has passed.",
    ),
    "invitation_open": (
        "Undangan masih terbuka",
        "Invitation open",
        "Instansi masih memiliki undangan yang belum dijawab, dengan batas waktu {due_on}.",
        "The agency still has an unanswered invitation, due on {due_on}.",
    ),
}
