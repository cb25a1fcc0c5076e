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
        "SELECT f.next_sequence FROM followers AS f WHERE f.name = $1 AND f.mall_id IN ($2, $3)",
        (
            "SELECT j.mall_id, (SELECT max(e.sequence) FROM entries AS e WHERE e.mall_id = j.mall_id)"
            " FROM journals AS j WHERE j.mall_id = ANY ($1)"
        ),
        "BEGIN; SELECT 1 FROM journals WHERE mall_id = 7 FOR NO KEY UPDATE",
        "SELECT t.id FROM tickets AS t LEFT JOIN counters AS c ON c.mall_id = t.mall_id WHERE t.mall_id = $1",
        "UPDATE tickets SET ended_at = NULL FROM counters c WHERE tickets.mall_id = $1 AND c.mall_id = tickets.mall_id",
        (
            "WITH v AS (INSERT INTO visits (mall_id, id) VALUES ($1, $2)),"
            " t AS (INSERT INTO tickets (mall_id, visit_id) VALUES ($1, $2) RETURNING id) SELECT id FROM t"
        ),
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
        "UPDATE tickets SET status = $1 FROM counters AS c WHERE tickets.mall_id = $2 AND c.id = tickets.counter_id",
        "SELECT tickets.id FROM tickets WHERE tickets.mall_id = $1 OR tickets.id = $2",
        "SELECT tickets.id FROM tickets WHERE tickets.mall_id = ANY($1)",
        (
            "SELECT (SELECT 1 FROM tickets AS t JOIN counters AS c ON c.mall_id = a.mall_id WHERE t.mall_id = $1)"
            " FROM agencies AS a WHERE a.mall_id = $1"
        ),
        "SELECT k.answer FROM idempotency_keys AS k WHERE k.mall_id = $1 AND k.key = NULL",
        (
            "WITH t AS (INSERT INTO tickets (mall_id, visit_id) VALUES ($1, $2)),"
            " v AS (INSERT INTO visits (mall_id, id) VALUES ($1, $2)) SELECT 1"
        ),
        (
            "WITH t AS (INSERT INTO counters (mall_id, id) VALUES ($1, $2))"
            " SELECT count(*) FROM counters AS c WHERE c.mall_id = $1"
        ),
        "WITH ended AS (UPDATE ticket_intervals SET ended_at = $1 RETURNING id) SELECT count(*) FROM ended",
        # the mall stands in the text, or is computed
        "SELECT tickets.id FROM tickets WHERE tickets.mall_id = 1",
        "SELECT tickets.id FROM tickets WHERE tickets.mall_id = $1 + 0",
        "SELECT tickets.id FROM tickets WHERE tickets.mall_id = tickets.mall_id",
        "BEGIN; SELECT tickets.id FROM tickets WHERE tickets.mall_id = 1",
        "INSERT INTO visits (mall_id, id) VALUES (1, $1)",
        # an outer join keeps the rows of this side, whatever its condition
        "SELECT t.id FROM tickets AS t LEFT JOIN counters AS c ON c.mall_id = $1 AND t.mall_id = $1",
        "SELECT t.id FROM tickets AS t LEFT JOIN counters AS c ON c.mall_id = t.mall_id AND c.mall_id = $1",
        "SELECT c.id FROM tickets AS t RIGHT JOIN counters AS c ON c.mall_id = t.mall_id AND t.mall_id = $1",
        # a query within another has a mall of its own, and lends it to nobody
        "(SELECT tickets.id FROM tickets)",
        "SELECT c.id FROM counters AS c WHERE c.mall_id = $1 AND c.id IN (SELECT counter_id FROM tickets)",
        "UPDATE counters SET booth = $1 WHERE id IN (SELECT counter_id FROM tickets WHERE mall_id = $2)",
        "INSERT INTO visits (mall_id, id) VALUES ($1, (SELECT visit_id FROM tickets))",
        # what is read across malls names what it wants by the one column that is meant for it
        "SELECT grants.role FROM grants WHERE grants.role = $1",
        "SELECT grants.role FROM grants",
        "SELECT entries.content FROM entries WHERE entries.agency_id = $1",
        "SELECT followers.next_sequence FROM followers WHERE followers.name = $1",
        "SELECT journals.mall_id FROM journals",
        "SELECT g.role FROM grants AS g JOIN agencies AS a ON a.id = g.agency_id WHERE g.account_id = $1",
    ],
)
def test_one_that_leaves_it_is_refused(bad: str) -> None:
    assert faults(bad)


def test_a_parameter_that_comes_as_null_is_seen() -> None:
    sql = "SELECT t.id FROM tickets AS t WHERE t.mall_id = $1 AND t.visit_id = $2::UUID"
    assert faults(sql) == ()
    assert faults(sql, [1, None]) == ("something is compared with NULL: t.visit_id = CAST($2 AS UUID)",)
    assert faults("UPDATE tickets SET ended_at = $1 WHERE tickets.mall_id = $2", [None, 1]) == ()


def test_the_parameters_of_a_statement_are_one_mall() -> None:
    sql = "SELECT t.id FROM tickets AS t JOIN visits AS v ON v.id = t.visit_id WHERE t.mall_id = $1 AND v.mall_id = $2"
    assert faults(sql, [7, 7]) == ()
    assert faults(sql, [7, 8]) == ("its parameters name several malls",)
