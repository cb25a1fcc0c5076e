-- one call: the journal taken, one statement, commit; each time another counter of the client's own, so that all are free
\set n :n + 1
\set counter :client_id * 1000 + :n
BEGIN;
SELECT 1 FROM journals WHERE mall_id = :mall FOR NO KEY UPDATE;
WITH facts AS (
    SELECT c.mall_id, c.id AS counter_id, e.sequence + 1 AS sequence, e.hash AS before, clock_timestamp() AS at,
        head.id AS ticket_id, head.agency_id, head.service_id, head.number, head.visit_id
    FROM counters AS c
    CROSS JOIN LATERAL
        (SELECT * FROM entries WHERE entries.mall_id = c.mall_id ORDER BY entries.sequence DESC LIMIT 1) AS e
    CROSS JOIN LATERAL (
        SELECT first.* FROM counter_services AS l
        CROSS JOIN LATERAL (
            SELECT t.* FROM tickets AS t
            WHERE t.mall_id = l.mall_id AND t.service_day = :day::date AND t.service_id = l.service_id
                AND t.status = 'waiting' AND NOT EXISTS (
                    SELECT FROM tickets AS o WHERE o.mall_id = t.mall_id AND o.visit_id = t.visit_id
                        AND o.service_day = t.service_day AND o.status IN ('called', 'serving'))
            ORDER BY t.effective_arrival LIMIT 1
        ) AS first
        WHERE l.mall_id = c.mall_id AND l.counter_id = c.id
        ORDER BY first.effective_arrival LIMIT 1
    ) AS head
    WHERE c.mall_id = :mall
        AND c.id = ('00000000-0000-7000-8000-' || lpad(to_hex(:counter::integer), 12, '0'))::uuid
), words AS (
    SELECT facts.*, format('{"agency_id":"%s","at":"%s","before":{"status":"waiting"},"by":{"id":"%s","kind":"account"},'
        '"data":{"call_count": 1,"channel":"kiosk","chosen":"first_in_line","closed_by": null,"counter_id":"%s",'
        '"number":"%s","officer_id":"%s","priority": false,"service_id":"%s","status":"called","visit_id":"%s"},'
        '"mall":%s,"sequence":%s,"service_day":"%s","subject":{"id":"%s","kind":"ticket"},"type":"ticket.called"}',
        agency_id, instant, counter_id, counter_id, number, counter_id, service_id, visit_id, mall_id, sequence,
        :day::date, ticket_id) AS content
    FROM facts, LATERAL replace(  -- as the program writes it; a colon would name a variable here
        to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24=MI=SS.US"Z"'), '=', chr(58)) AS instant
), called AS (
    UPDATE tickets AS t
    SET status = 'called', counter_id = f.counter_id, officer_id = f.counter_id, call_count = 1, called_at = f.at
    FROM facts AS f WHERE t.mall_id = f.mall_id AND t.id = f.ticket_id
), ended AS (
    UPDATE ticket_intervals AS i SET ended_at = greatest(f.at, i.started_at), outcome = 'call'
    FROM facts AS f WHERE i.mall_id = f.mall_id AND i.ticket_id = f.ticket_id AND i.ended_at IS NULL
    RETURNING i.mall_id, i.ticket_id, i.service_id
), begun AS (
    INSERT INTO ticket_intervals (mall_id, id, ticket_id, kind, service_id, counter_id, officer_id, started_at)
    SELECT f.mall_id, uuidv7(), f.ticket_id, 'called', f.service_id, f.counter_id, f.counter_id, f.at
    FROM facts AS f JOIN ended AS e ON e.ticket_id = f.ticket_id
), kept AS (
    INSERT INTO idempotency_keys (mall_id, caller, route, key, fingerprint, answer, expires_at)
    SELECT mall_id, 'account:' || counter_id, 'call_next_ticket', ticket_id::text, sha256(content::bytea),
        content || content, at + interval '24 hours'
    FROM words
), entry AS (
    INSERT INTO entries (mall_id, sequence, at, service_day, type, subject_id, agency_id, content, hash)
    SELECT mall_id, sequence, at, :day::date, 'ticket.called', ticket_id, agency_id, content,
        sha256(before || content::bytea)
    FROM words
)
SELECT 1 / count(*) FROM words;
COMMIT;
