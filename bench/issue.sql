-- one ticket: the journal taken, one statement, commit; what the program writes for it, without the program
\set mall :first + random(1, :malls) - 1
BEGIN;
SELECT 1 FROM journals WHERE mall_id = :mall FOR NO KEY UPDATE;
WITH facts AS (
    SELECT s.mall_id, s.id AS service_id, s.agency_id, s.number_series_id AS series_id, p.prefix,
        e.sequence + 1 AS sequence, e.hash AS before, clock_timestamp() AS at, coalesce(n.last_number, 0) + 1 AS ordinal,
        uuidv7() AS ticket_id, uuidv7() AS visit_id
    FROM services AS s
    JOIN number_series AS p ON p.mall_id = s.mall_id AND p.id = s.number_series_id
    LEFT JOIN number_days AS n
        ON n.mall_id = s.mall_id AND n.series_id = s.number_series_id AND n.service_day = :day::date
    CROSS JOIN LATERAL
        (SELECT * FROM entries WHERE entries.mall_id = s.mall_id ORDER BY entries.sequence DESC LIMIT 1) AS e
    WHERE s.mall_id = :mall AND s.code = 'CIVIL-1'
), words AS (
    SELECT facts.*, number,
        format('{"agency_id":"%s","at":"%s","before": null,"by":{"id":"%s","kind":"device"},"data":{"call_count": 0,'
            '"channel":"kiosk","closed_by": null,"counter_id": null,"number":"%s","officer_id": null,"ordinal":%s,'
            '"priority": false,"series_id":"%s","service_id":"%s","status":"waiting","visit_id":"%s"},"mall":%s,'
            '"sequence":%s,"service_day":"%s","subject":{"id":"%s","kind":"ticket"},"type":"ticket.issued"}',
            agency_id, instant, agency_id, number, ordinal, series_id, service_id, visit_id, mall_id, sequence,
            :day::date, ticket_id) AS content
    FROM facts, LATERAL replace(  -- as the program writes it; a colon would name a variable here
        to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24=MI=SS.US"Z"'), '=', chr(58)) AS instant,
        LATERAL concat(prefix, '-', lpad(ordinal::text, greatest(3, length(ordinal::text)), '0')) AS number
), number AS (
    INSERT INTO number_days (mall_id, series_id, service_day, last_number)
    SELECT mall_id, series_id, :day::date, ordinal FROM facts
    ON CONFLICT (mall_id, series_id, service_day) DO UPDATE SET last_number = EXCLUDED.last_number
), visit AS (
    INSERT INTO visits (mall_id, id, service_day, in_order) SELECT mall_id, visit_id, :day::date, false FROM facts
), ticket AS (
    INSERT INTO tickets (mall_id, id, series_id, ordinal, number, service_day, visit_id, issued_service_id, agency_id,
        service_id, channel, priority_class, access_needs, language, effective_arrival, arrived_at, issued_at,
        issued_by, claim_hash, status, call_count, print_count, postponements)
    SELECT mall_id, ticket_id, series_id, ordinal, number, :day::date, visit_id, service_id, agency_id, service_id,
        'kiosk', 'none', '[]', 'id',
        extract(epoch FROM at) + sequence * 1e-18, at, at, agency_id, sha256(ticket_id::text::bytea), 'waiting', 0, 0, 0
    FROM words
), stretch AS (
    INSERT INTO ticket_intervals (mall_id, id, ticket_id, kind, service_id, started_at)
    SELECT mall_id, uuidv7(), ticket_id, 'waiting', service_id, at FROM facts
), kept AS (
    INSERT INTO idempotency_keys (mall_id, caller, route, key, fingerprint, answer, expires_at)
    SELECT mall_id, 'device:' || agency_id, 'issue_ticket', ticket_id::text, sha256(content::bytea),
        content || content, at + interval '24 hours'
    FROM words
), entry AS (
    INSERT INTO entries (mall_id, sequence, at, service_day, type, subject_id, agency_id, content, hash)
    SELECT mall_id, sequence, at, :day::date, 'ticket.issued', ticket_id, agency_id, content,
        sha256(before || content::bytea)
    FROM words
)
SELECT number, (
    SELECT count(*) FROM tickets AS t
    WHERE t.mall_id = words.mall_id AND t.service_day = :day::date AND t.service_id = words.service_id
        AND t.status = 'waiting'
) AS ahead FROM words;
COMMIT;
