"""The check of statements sees what it is there for; the suite holds every statement that the program runs to it."""

import pytest

from tests.statements import faults


@pytest.mark.parametrize(
    "good",
    [
        "SELECT tickets.id FROM tickets WHERE tickets.mall_id = $1::SMALLINT AND tickets.id = $2::UUID",
        (
            "SELECT t.id FROM tickets AS t JOIN counters AS c ON c.mall_id = t.mall_id AND c.id = t.counter_id"
            " WHERE t.mall_id = $1"
        ),
        (
            "SELECT agencies.id FROM agencies WHERE agencies.mall_id = $1 AND EXISTS"
            " (SELECT 1 FROM agreements WHERE agreements.mall_id = $1 AND agreements.agency_id = agencies.id)"
        ),
        "UPDATE tickets SET status = $1 WHERE tickets.mall_id = $2 AND tickets.id = $3",
        "SELECT grants.role FROM grants WHERE grants.account_id = $1",
        "SELECT malls.slug FROM malls",
    ],
)
def test_a_statement_that_stays_within_its_mall_is_let_through(good: str) -> None:
    assert faults(good) == ()


@pytest.mark.parametrize(
    "bad",
    [
        "SELECT tickets.id FROM tickets WHERE tickets.id = $1",
        "SELECT t.id FROM tickets AS t JOIN counters AS c ON c.id = t.counter_id WHERE t.mall_id = $1",
        (
            "SELECT agencies.id FROM agencies WHERE agencies.mall_id = $1 AND EXISTS"
            " (SELECT 1 FROM agreements WHERE agreements.mall_id = agencies.mall_id)"
        ),
        (
            "SELECT a.id, l.id FROM agencies AS a LEFT JOIN LATERAL"
            " (SELECT i.id FROM invitations AS i WHERE i.mall_id = a.mall_id LIMIT 1) AS l ON true WHERE a.mall_id = $1"
        ),
        "UPDATE tickets SET status = $1 WHERE tickets.id = $2",
        "DELETE FROM counter_services WHERE counter_services.counter_id = $1",
        "WITH ended AS (UPDATE ticket_intervals SET ended_at = $1 RETURNING id) SELECT count(*) FROM ended",
    ],
)
def test_one_that_leaves_it_is_refused(bad: str) -> None:
    assert faults(bad)
