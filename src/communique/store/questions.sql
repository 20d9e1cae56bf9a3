-- The questions that a store answers. `-- name:` starts one; the sentence after it says what it gives.
--
-- $reports, $events, $statements, $positions and $traces are lists of live Parquet files. All other $names are values
-- from the user, always bound, never pasted in; null lets everything through. The columns are those of shapes.py.
-- A dyad is $one and $other among the sides of a record; the same code twice has to be there twice.
-- `-- after: NAME` puts the text of NAME before that of the question.


-- name: events
-- Events by day of publication and report, then in text order.
SELECT * EXCLUDE (seq, published, parties, first_day, last_day)
FROM read_parquet($events, union_by_name = true, hive_partitioning = false)
WHERE ($ids IS NULL OR id IN (SELECT unnest($ids)))
  AND ($report IS NULL OR report = $report)
  AND ($actor IS NULL OR list_contains(parties, $actor))
  AND ($one IS NULL OR $one = $other OR (list_contains(parties, $one) AND list_contains(parties, $other)))
  AND ($one IS NULL OR $one <> $other OR len(list_filter(parties, lambda code: code = $one)) > 1)
  AND ($type IS NULL OR type = $type)
  AND ($status IS NULL OR status = $status)
  AND ($confidence IS NULL OR confidence >= $confidence)
  AND ($since IS NULL OR last_day >= $since)
  AND ($until IS NULL OR (first_day <= $until AND first_day <> ''))
ORDER BY published, report, seq
LIMIT $limit;


-- name: statements
-- Statements by day of publication and report, then in text order.
SELECT * EXCLUDE (seq, published, parties, first_day, last_day)
FROM read_parquet($statements, union_by_name = true, hive_partitioning = false)
WHERE ($ids IS NULL OR id IN (SELECT unnest($ids)))
  AND ($report IS NULL OR report = $report)
  AND ($actor IS NULL OR list_contains(parties, $actor))
  AND ($one IS NULL OR $one = $other OR (list_contains(parties, $one) AND list_contains(parties, $other)))
  AND ($one IS NULL OR $one <> $other OR len(list_filter(parties, lambda code: code = $one)) > 1)
  AND ($confidence IS NULL OR confidence >= $confidence)
  AND ($since IS NULL OR last_day >= $since)
  AND ($until IS NULL OR (first_day <= $until AND first_day <> ''))
ORDER BY published, report, seq
LIMIT $limit;


-- name: positions
-- Positions by day of publication and report, then in text order.
SELECT * EXCLUDE (seq, published, parties, first_day, last_day)
FROM read_parquet($positions, union_by_name = true, hive_partitioning = false)
WHERE ($ids IS NULL OR id IN (SELECT unnest($ids)))
  AND ($report IS NULL OR report = $report)
  AND ($actor IS NULL OR list_contains(parties, $actor))
  AND ($one IS NULL OR $one = $other OR (list_contains(parties, $one) AND list_contains(parties, $other)))
  AND ($one IS NULL OR $one <> $other OR len(list_filter(parties, lambda code: code = $one)) > 1)
  AND ($issue IS NULL OR issue = $issue)
  AND ($stance IS NULL OR stance = $stance)
  AND ($status IS NULL OR status = $status)
  AND ($confidence IS NULL OR confidence >= $confidence)
  AND ($since IS NULL OR last_day >= $since)
  AND ($until IS NULL OR (first_day <= $until AND first_day <> ''))
ORDER BY published, report, seq
LIMIT $limit;


-- name: reports
-- Reports by day of publication, with the number of records of each kind.
SELECT COLUMNS(lambda c: c <> 'story')
FROM read_parquet($reports, union_by_name = true, hive_partitioning = false)
WHERE ($report IS NULL OR id = $report)
  AND ($since IS NULL OR left(published, 10) >= $since)
  AND ($until IS NULL OR (left(published, 10) <= $until AND published <> ''))
ORDER BY published, id
LIMIT $limit;


-- name: reports_with_records
-- Reports as above, only those with at least one record that all filters of records hold for.
WITH records AS (
    SELECT report, parties, type, NULL::VARCHAR AS issue, NULL::VARCHAR AS stance, status, confidence
    FROM read_parquet($events, union_by_name = true, hive_partitioning = false)
    UNION ALL
    SELECT report, parties, NULL, NULL, NULL, NULL, confidence
    FROM read_parquet($statements, union_by_name = true, hive_partitioning = false)
    UNION ALL
    SELECT report, parties, NULL, issue, stance, status, confidence
    FROM read_parquet($positions, union_by_name = true, hive_partitioning = false)
)
SELECT COLUMNS(lambda c: c <> 'story')
FROM read_parquet($reports, union_by_name = true, hive_partitioning = false)
WHERE ($report IS NULL OR id = $report)
  AND ($since IS NULL OR left(published, 10) >= $since)
  AND ($until IS NULL OR (left(published, 10) <= $until AND published <> ''))
  AND id IN (
      SELECT report
      FROM records
      WHERE ($report IS NULL OR report = $report)
        AND ($actor IS NULL OR list_contains(parties, $actor))
        AND ($one IS NULL OR $one = $other OR (list_contains(parties, $one) AND list_contains(parties, $other)))
        AND ($one IS NULL OR $one <> $other OR len(list_filter(parties, lambda code: code = $one)) > 1)
        AND ($type IS NULL OR type = $type)
        AND ($issue IS NULL OR issue = $issue)
        AND ($stance IS NULL OR stance = $stance)
        AND ($status IS NULL OR status = $status)
        AND ($confidence IS NULL OR confidence >= $confidence)
  )
ORDER BY published, id
LIMIT $limit;


-- name: reports_by_id
-- The reports with these ids, from the parts that hold them.
SELECT COLUMNS(lambda c: c <> 'story')
FROM read_parquet($reports, union_by_name = true, hive_partitioning = false)
WHERE list_contains($ids, id)
ORDER BY published, id;


-- name: overview
-- The first and last day of publication, and how many outlets there are.
SELECT
    min(nullif(published, ''))::VARCHAR AS since, max(nullif(published, ''))::VARCHAR AS until,
    count(DISTINCT nullif(outlet, '')) AS outlets
FROM read_parquet($reports, union_by_name = true, hive_partitioning = false);


-- name: kinds_in_text_order
-- The kind of each record of a report, in text order: how its coding is put together again.
SELECT 'events' AS kind, seq
FROM read_parquet($events, union_by_name = true, hive_partitioning = false)
WHERE report = $report
UNION ALL
SELECT 'statements' AS kind, seq
FROM read_parquet($statements, union_by_name = true, hive_partitioning = false)
WHERE report = $report
UNION ALL
SELECT 'positions' AS kind, seq
FROM read_parquet($positions, union_by_name = true, hive_partitioning = false)
WHERE report = $report
ORDER BY seq;


-- name: traces
-- Traces of one record, or of one report in text order.
SELECT * EXCLUDE (report, seq)
FROM read_parquet($traces, union_by_name = true, hive_partitioning = false)
WHERE ($id IS NULL OR record = $id)
  AND ($report IS NULL OR report = $report)
ORDER BY report, seq;


-- name: originals
-- Of reports with the same `story` the one told first, with the day of its publication; copies are left out.
WITH first_told AS (
    SELECT
        min_by(id, (published = '', published, id)) AS report,
        min(left(published, 10)) FILTER (published <> '') AS day
    FROM read_parquet($reports, union_by_name = true, hive_partitioning = false)
    GROUP BY CASE WHEN coalesce(story, '') = '' THEN id ELSE story END
)


-- name: first_told
-- The reports that are no copies.
-- after: originals
SELECT report, day FROM first_told ORDER BY report;


-- name: tied
-- What each actor did to, said of and holds against each other one, for alignment: one row a day and sort of record.
--
-- Deeds are events of quad 2 and 4 that are told as done; words those of quad 1 and 3, and the hostile deeds that one says
-- another did (at half their value); positions are stances toward somebody. A value is the Goldstein score by ten, or 1
-- for support and -1 for opposition; its weight is the record's confidence. What is attributed counts as the own of those
-- doers only who tell it themselves. Doers of something friendly without another side did it together; who condemned or
-- punished together did not do it to each other. Copies of a story count once. So does what several reports tell of one
-- day: of the same sort between the same two, the surest record stands (`chosen`). A record is of its first day, that of
-- publication if it has none of its own.
-- after: originals
,
told AS (
    SELECT
        id, report, CASE WHEN mode = '' OR mode IS NULL THEN type ELSE type || '/' || mode END AS sort, quad,
        goldstein / 10 AS value, confidence, TRY_CAST(first_day AS DATE) AS day,
        list_transform(actors, lambda a: upper(a.code)) AS doers,
        list_transform(recipients, lambda a: upper(a.code)) AS others,
        list_transform(attributed_to, lambda a: upper(a.code)) AS tellers
    FROM read_parquet($events, union_by_name = true, hive_partitioning = false)
    WHERE status = 'actual'
      AND ($confidence IS NULL OR confidence >= $confidence)
      AND ($since IS NULL OR first_day >= $since)
      AND ($until IS NULL OR (first_day <= $until AND first_day <> ''))
),
held AS (
    SELECT
        id, report, stance || ': ' || issue AS sort, confidence, TRY_CAST(first_day AS DATE) AS day,
        CASE stance WHEN 'support' THEN 1.0 WHEN 'oppose' THEN -1.0 ELSE 0.0 END AS value,
        list_transform(holders, lambda a: upper(a.code)) AS holders,
        list_transform(toward, lambda a: upper(a.code)) AS toward,
        list_transform(attributed_to, lambda a: upper(a.code)) AS tellers
    FROM read_parquet($positions, union_by_name = true, hive_partitioning = false)
    WHERE status = 'actual'
      AND ($confidence IS NULL OR confidence >= $confidence)
      AND ($since IS NULL OR first_day >= $since)
      AND ($until IS NULL OR (first_day <= $until AND first_day <> ''))
),
sided AS (
    SELECT
        id, report, sort, value, confidence, day,
        CASE WHEN quad IN (2, 4) THEN 'deeds' ELSE 'words' END AS channel,
        CASE WHEN len(tellers) = 0 THEN doers ELSE list_intersect(doers, tellers) END AS sources,
        CASE WHEN len(others) > 0 THEN others WHEN quad IN (1, 2) THEN doers ELSE [] END AS targets
    FROM told
    UNION ALL
    SELECT
        id, report, 'said: ' || sort, value / 2, confidence, day, 'words', tellers,
        list_filter(doers, lambda code: NOT list_contains(tellers, code))
    FROM told
    WHERE quad = 4 AND len(tellers) > 0
    UNION ALL
    SELECT
        id, report, sort, value, confidence, day, 'positions',
        CASE WHEN len(tellers) = 0 THEN holders ELSE list_intersect(holders, tellers) END, toward
    FROM held
),
wanted AS (SELECT unnest($actors) AS code),
paired AS (
    SELECT channel, day, sort, id, report, value, confidence, pair.source AS source, pair.target AS target
    FROM (
        SELECT
            * EXCLUDE (sources, targets),
            unnest(flatten(list_transform(
                sources, lambda s: list_transform(targets, lambda t: {'source': s, 'target': t})
            ))) AS pair
        FROM sided
        WHERE day IS NOT NULL AND ($channel IS NULL OR channel = $channel)
    )
    WHERE pair.source <> pair.target AND pair.source <> '' AND pair.target <> ''
      AND ($actors IS NULL OR (pair.source IN (FROM wanted) AND pair.target IN (FROM wanted)))
      AND ($only IS NULL OR pair.source = $only OR pair.target = $only)
      AND report IN (SELECT report FROM first_told)
),
chosen AS (
    SELECT channel, source, target, day, sort, arg_max({'id': id, 'report': report, 'value': value, 'confidence': confidence},
                                                 (confidence, id)) AS best
    FROM paired
    GROUP BY channel, source, target, day, sort
)


-- name: ties
-- Sums of `tied` by period and report.
-- after: tied
SELECT
    channel, source, target, date_trunc($period, day)::DATE AS period, best.report AS report,
    sum(best.value * best.confidence) AS value, sum(best.confidence) AS weight, count(*) AS records
FROM chosen
GROUP BY ALL;


-- name: tie_records
-- The records that count for a score, by day.
-- after: tied
SELECT channel, source, target, day::VARCHAR AS day, sort, best.id AS id, best.report AS report, best.value AS value
FROM chosen
ORDER BY day, channel, source, target, id;


-- name: stances
-- What each actor holds on each issue: sums by period and report, for agreement.
--
-- Only what is told as held, and not what somebody else says that one holds. Copies of a story count once, and of one
-- day the surest record of each stance.
-- after: originals
,
held AS (
    SELECT DISTINCT ON (h.actor, issue, day, stance)
        h.actor AS actor, issue, TRY_CAST(first_day AS DATE) AS day, stance, report, confidence,
        CASE stance WHEN 'support' THEN 1.0 WHEN 'oppose' THEN -1.0 ELSE 0.0 END AS value
    FROM read_parquet($positions, union_by_name = true, hive_partitioning = false),
        unnest(list_transform(holders, lambda a: upper(a.code))) AS h(actor)
    WHERE status = 'actual' AND issue <> '' AND h.actor <> '' AND TRY_CAST(first_day AS DATE) IS NOT NULL
      AND (len(attributed_to) = 0
           OR list_contains(list_transform(attributed_to, lambda a: upper(a.code)), h.actor))
      AND ($actors IS NULL OR list_contains($actors, h.actor)) AND ($only IS NULL OR h.actor = $only)
      AND ($confidence IS NULL OR confidence >= $confidence)
      AND ($since IS NULL OR first_day >= $since)
      AND ($until IS NULL OR (first_day <= $until AND first_day <> ''))
      AND report IN (SELECT report FROM first_told)
    ORDER BY h.actor, issue, day, stance, confidence DESC, id
)
SELECT
    actor, issue, date_trunc($period, day)::DATE AS period, report,
    sum(value * confidence) AS value, sum(confidence) AS weight, count(*) AS records
FROM held
GROUP BY ALL
ORDER BY ALL;
