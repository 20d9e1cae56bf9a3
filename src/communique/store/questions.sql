-- The questions that a store answers. `-- name:` starts one; the sentence after it says what it gives.
--
-- $reports, $events, $statements, $positions and $traces are lists of live Parquet files. All other $names are values
-- from the user, always bound, never pasted in; null lets everything through. The columns are those of shapes.py.
-- A dyad is $one and $other among the sides of a record; the same code twice has to be there twice.


-- name: events
-- Events by day of publication and report, then in text order.
SELECT * EXCLUDE (seq, published, parties, first_day, last_day)
FROM read_parquet($events, union_by_name = true, hive_partitioning = false)
WHERE ($id IS NULL OR id = $id)
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
WHERE ($id IS NULL OR id = $id)
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
WHERE ($id IS NULL OR id = $id)
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
SELECT *
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
SELECT *
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
SELECT *
FROM read_parquet($reports, union_by_name = true, hive_partitioning = false)
WHERE list_contains($ids, id)
ORDER BY published, id;


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
