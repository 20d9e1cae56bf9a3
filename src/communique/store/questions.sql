-- The questions that a store answers. `-- name:` starts one; the sentence after it says what it gives.
--
-- $reports, $events, $statements, $positions and $traces are lists of live Parquet files. All other $names are values
-- from the user, always bound, never pasted in; null lets everything through. The columns are those of shapes.py.
-- $origin is the dataset: what was imported has its name and a colon before the ids of its reports, what was coded here has not.
-- A dyad is $one and $other among the sides of a record; the same code twice has to be there twice.
-- IN ($each_NAME) is written out with a parameter for each value of the list $each_NAME: only then groups of rows are passed
-- over. `-- after: NAME` puts the text of NAME before that of the question.


-- name: fitting_events
-- Events that all filters let through.
WITH fitting AS (
    SELECT *
    FROM read_parquet($events, union_by_name = true, hive_partitioning = false)
    WHERE ($ids IS NULL OR id IN (SELECT unnest($ids)))
      AND ($report IS NULL OR report = $report)
      AND ($origin IS NULL OR CASE WHEN contains(report, ':') THEN split_part(report, ':', 1) ELSE 'communique' END = $origin)
      AND ($on IS NULL OR published = $on)
      AND ($actor IS NULL OR list_contains(parties, $actor))
      AND ($one IS NULL OR $one = $other OR (list_contains(parties, $one) AND list_contains(parties, $other)))
      AND ($one IS NULL OR $one <> $other OR len(list_filter(parties, lambda code: code = $one)) > 1)
      AND ($type IS NULL OR type = $type)
      AND ($status IS NULL OR status = $status)
      AND ($confidence IS NULL OR confidence >= $confidence)
      AND ($since IS NULL OR last_day >= $since)
      AND ($until IS NULL OR (first_day <= $until AND first_day <> ''))
)


-- name: events
-- Events by day of publication and report, then in text order.
-- after: fitting_events
SELECT * EXCLUDE (seq, published, parties, first_day, last_day)
FROM fitting
ORDER BY published, report, seq
LIMIT $limit;


-- name: events_days
-- The days of publication of events, with how many there are.
-- after: fitting_events
SELECT published AS day, count(*) AS number FROM fitting GROUP BY published ORDER BY published;


-- name: events_slice
-- Events of reports that were published from one day to another, by day and report, then in text order.
-- after: fitting_events
SELECT * EXCLUDE (published, parties, first_day, last_day)
FROM fitting
WHERE published >= $slice_from AND published <= $slice_to
ORDER BY published, report, seq;


-- name: events_places
-- The places of events, the last published first, after a place in that order.
-- after: fitting_events
SELECT published, report, seq, id
FROM fitting
WHERE ($from_day IS NULL OR published >= $from_day)
  AND ($day IS NULL OR published < $day
       OR (published = $day AND (report > $from_report OR (report = $from_report AND seq > $from_seq))))
ORDER BY published DESC, report, seq
LIMIT $limit;


-- name: events_page
-- The events with some ids of some days, the last published first.
SELECT *
FROM read_parquet($events, union_by_name = true, hive_partitioning = false)
WHERE published IN ($each_day) AND id IN ($each_id)
ORDER BY published DESC, report, seq;


-- name: events_count
-- How many events all filters let through.
-- after: fitting_events
SELECT count(*) AS number FROM fitting;


-- name: coded_events
-- The events of some reports, with their places.
SELECT *
FROM read_parquet($events, union_by_name = true, hive_partitioning = false)
WHERE report IN (SELECT unnest($among))
ORDER BY report, seq;


-- name: fitting_statements
-- Statements that all filters let through.
WITH fitting AS (
    SELECT *
    FROM read_parquet($statements, union_by_name = true, hive_partitioning = false)
    WHERE ($ids IS NULL OR id IN (SELECT unnest($ids)))
      AND ($report IS NULL OR report = $report)
      AND ($origin IS NULL OR CASE WHEN contains(report, ':') THEN split_part(report, ':', 1) ELSE 'communique' END = $origin)
      AND ($on IS NULL OR published = $on)
      AND ($actor IS NULL OR list_contains(parties, $actor))
      AND ($one IS NULL OR $one = $other OR (list_contains(parties, $one) AND list_contains(parties, $other)))
      AND ($one IS NULL OR $one <> $other OR len(list_filter(parties, lambda code: code = $one)) > 1)
      AND ($confidence IS NULL OR confidence >= $confidence)
      AND ($since IS NULL OR last_day >= $since)
      AND ($until IS NULL OR (first_day <= $until AND first_day <> ''))
)


-- name: statements
-- Statements by day of publication and report, then in text order.
-- after: fitting_statements
SELECT * EXCLUDE (seq, published, parties, first_day, last_day)
FROM fitting
ORDER BY published, report, seq
LIMIT $limit;


-- name: statements_days
-- The days of publication of statements, with how many there are.
-- after: fitting_statements
SELECT published AS day, count(*) AS number FROM fitting GROUP BY published ORDER BY published;


-- name: statements_slice
-- Statements of reports that were published from one day to another, by day and report, then in text order.
-- after: fitting_statements
SELECT * EXCLUDE (published, parties, first_day, last_day)
FROM fitting
WHERE published >= $slice_from AND published <= $slice_to
ORDER BY published, report, seq;


-- name: statements_places
-- The places of statements, the last published first, after a place in that order.
-- after: fitting_statements
SELECT published, report, seq, id
FROM fitting
WHERE ($from_day IS NULL OR published >= $from_day)
  AND ($day IS NULL OR published < $day
       OR (published = $day AND (report > $from_report OR (report = $from_report AND seq > $from_seq))))
ORDER BY published DESC, report, seq
LIMIT $limit;


-- name: statements_page
-- The statements with some ids of some days, the last published first.
SELECT *
FROM read_parquet($statements, union_by_name = true, hive_partitioning = false)
WHERE published IN ($each_day) AND id IN ($each_id)
ORDER BY published DESC, report, seq;


-- name: statements_count
-- How many statements all filters let through.
-- after: fitting_statements
SELECT count(*) AS number FROM fitting;


-- name: ids_of_events
-- The ids of the events of some reports.
SELECT id
FROM read_parquet($events, union_by_name = true, hive_partitioning = false)
WHERE report IN (SELECT unnest($among));


-- name: coded_statements
-- The statements of some reports, with their places.
SELECT *
FROM read_parquet($statements, union_by_name = true, hive_partitioning = false)
WHERE report IN (SELECT unnest($among))
ORDER BY report, seq;


-- name: fitting_positions
-- Positions that all filters let through.
WITH fitting AS (
    SELECT *
    FROM read_parquet($positions, union_by_name = true, hive_partitioning = false)
    WHERE ($ids IS NULL OR id IN (SELECT unnest($ids)))
      AND ($report IS NULL OR report = $report)
      AND ($origin IS NULL OR CASE WHEN contains(report, ':') THEN split_part(report, ':', 1) ELSE 'communique' END = $origin)
      AND ($on IS NULL OR published = $on)
      AND ($actor IS NULL OR list_contains(parties, $actor))
      AND ($one IS NULL OR $one = $other OR (list_contains(parties, $one) AND list_contains(parties, $other)))
      AND ($one IS NULL OR $one <> $other OR len(list_filter(parties, lambda code: code = $one)) > 1)
      AND ($issue IS NULL OR issue = $issue)
      AND ($stance IS NULL OR stance = $stance)
      AND ($status IS NULL OR status = $status)
      AND ($confidence IS NULL OR confidence >= $confidence)
      AND ($since IS NULL OR last_day >= $since)
      AND ($until IS NULL OR (first_day <= $until AND first_day <> ''))
)


-- name: positions
-- Positions by day of publication and report, then in text order.
-- after: fitting_positions
SELECT * EXCLUDE (seq, published, parties, first_day, last_day)
FROM fitting
ORDER BY published, report, seq
LIMIT $limit;


-- name: positions_days
-- The days of publication of positions, with how many there are.
-- after: fitting_positions
SELECT published AS day, count(*) AS number FROM fitting GROUP BY published ORDER BY published;


-- name: positions_slice
-- Positions of reports that were published from one day to another, by day and report, then in text order.
-- after: fitting_positions
SELECT * EXCLUDE (published, parties, first_day, last_day)
FROM fitting
WHERE published >= $slice_from AND published <= $slice_to
ORDER BY published, report, seq;


-- name: positions_places
-- The places of positions, the last published first, after a place in that order.
-- after: fitting_positions
SELECT published, report, seq, id
FROM fitting
WHERE ($from_day IS NULL OR published >= $from_day)
  AND ($day IS NULL OR published < $day
       OR (published = $day AND (report > $from_report OR (report = $from_report AND seq > $from_seq))))
ORDER BY published DESC, report, seq
LIMIT $limit;


-- name: positions_page
-- The positions with some ids of some days, the last published first.
SELECT *
FROM read_parquet($positions, union_by_name = true, hive_partitioning = false)
WHERE published IN ($each_day) AND id IN ($each_id)
ORDER BY published DESC, report, seq;


-- name: positions_count
-- How many positions all filters let through.
-- after: fitting_positions
SELECT count(*) AS number FROM fitting;


-- name: coded_positions
-- The positions of some reports, with their places.
SELECT *
FROM read_parquet($positions, union_by_name = true, hive_partitioning = false)
WHERE report IN (SELECT unnest($among))
ORDER BY report, seq;


-- name: fitting_reports
-- Reports that all filters let through.
WITH fitting AS (
    SELECT *
    FROM read_parquet($reports, union_by_name = true, hive_partitioning = false)
    WHERE ($report IS NULL OR id = $report)
      AND ($origin IS NULL OR CASE WHEN contains(id, ':') THEN split_part(id, ':', 1) ELSE 'communique' END = $origin)
      AND ($since IS NULL OR left(published, 10) >= $since)
      AND ($until IS NULL OR (left(published, 10) <= $until AND published <> ''))
)


-- name: fitting_reports_with_records
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
),
fitting AS (
    SELECT *
    FROM read_parquet($reports, union_by_name = true, hive_partitioning = false)
    WHERE ($report IS NULL OR id = $report)
      AND ($origin IS NULL OR CASE WHEN contains(id, ':') THEN split_part(id, ':', 1) ELSE 'communique' END = $origin)
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
)


-- name: reports
-- Reports by day of publication, with the number of records of each kind.
-- after: fitting_reports
SELECT COLUMNS(lambda c: c <> 'story')
FROM fitting
ORDER BY published, id
LIMIT $limit;


-- name: reports_days
-- The days of publication of reports, with how many there are.
-- after: fitting_reports
SELECT published AS day, count(*) AS number FROM fitting GROUP BY published ORDER BY published;


-- name: reports_slice
-- Reports that were published from one day to another, with the number of records of each kind.
-- after: fitting_reports
SELECT COLUMNS(lambda c: c <> 'story')
FROM fitting
WHERE published >= $slice_from AND published <= $slice_to
ORDER BY published, id;


-- name: reports_places
-- The places of reports, the last published first, after a place in that order.
-- after: fitting_reports
SELECT published, id AS report, 0 AS seq, id
FROM fitting
WHERE ($from_day IS NULL OR published >= $from_day)
  AND ($day IS NULL OR published < $day OR (published = $day AND id > $from_report))
ORDER BY published DESC, id
LIMIT $limit;


-- name: reports_count
-- How many reports all filters let through.
-- after: fitting_reports
SELECT count(*) AS number FROM fitting;


-- name: reports_with_records
-- Reports by day of publication, with the number of records of each kind.
-- after: fitting_reports_with_records
SELECT COLUMNS(lambda c: c <> 'story')
FROM fitting
ORDER BY published, id
LIMIT $limit;


-- name: reports_with_records_days
-- The days of publication of reports, with how many there are.
-- after: fitting_reports_with_records
SELECT published AS day, count(*) AS number FROM fitting GROUP BY published ORDER BY published;


-- name: reports_with_records_slice
-- Reports that were published from one day to another, with the number of records of each kind.
-- after: fitting_reports_with_records
SELECT COLUMNS(lambda c: c <> 'story')
FROM fitting
WHERE published >= $slice_from AND published <= $slice_to
ORDER BY published, id;


-- name: reports_with_records_places
-- The places of reports, the last published first, after a place in that order.
-- after: fitting_reports_with_records
SELECT published, id AS report, 0 AS seq, id
FROM fitting
WHERE ($from_day IS NULL OR published >= $from_day)
  AND ($day IS NULL OR published < $day OR (published = $day AND id > $from_report))
ORDER BY published DESC, id
LIMIT $limit;


-- name: reports_with_records_count
-- How many reports all filters let through.
-- after: fitting_reports_with_records
SELECT count(*) AS number FROM fitting;


-- name: reports_page
-- The reports with some ids of some days, the last published first.
SELECT *
FROM read_parquet($reports, union_by_name = true, hive_partitioning = false)
WHERE published IN ($each_day) AND id IN ($each_id)
ORDER BY published DESC, id;


-- name: coded_reports
-- The days of publication of some reports.
SELECT id, published
FROM read_parquet($reports, union_by_name = true, hive_partitioning = false)
WHERE id IN (SELECT unnest($among));


-- name: reports_by_id
-- The reports with these ids, from the parts that hold them.
SELECT COLUMNS(lambda c: c <> 'story')
FROM read_parquet($reports, union_by_name = true, hive_partitioning = false)
WHERE list_contains($ids, id)
ORDER BY published, id;


-- name: reports_among
-- Some reports that were published from one day to another.
SELECT COLUMNS(lambda c: c <> 'story')
FROM read_parquet($reports, union_by_name = true, hive_partitioning = false)
WHERE published >= $slice_from AND published <= $slice_to AND id IN (SELECT unnest($among));


-- name: stratified
-- Records with their stratum: kind, type (form of quotation, stance) and band of confidence, as far as they are wanted.
WITH stratified AS (
    SELECT
        id,
        concat_ws(' ',
            CASE WHEN $kind = 1 THEN kind END,
            CASE WHEN $type = 1 THEN type END,
            CASE WHEN $confidence_band = 1 THEN
                CASE WHEN confidence < 0.4 THEN '0.0-0.4' WHEN confidence < 0.6 THEN '0.4-0.6'
                     WHEN confidence < 0.8 THEN '0.6-0.8' ELSE '0.8-1.0' END
            END
        ) AS stratum
    FROM (
        SELECT id, 'event' AS kind, type AS type, confidence, published, report, seq
        FROM read_parquet($events, union_by_name = true, hive_partitioning = false)
        WHERE ($confidence IS NULL OR confidence >= $confidence)
          AND ($since IS NULL OR last_day >= $since)
          AND ($until IS NULL OR (first_day <= $until AND first_day <> ''))
        UNION ALL
        SELECT id, 'statement' AS kind, quote AS type, confidence, published, report, seq
        FROM read_parquet($statements, union_by_name = true, hive_partitioning = false)
        WHERE ($confidence IS NULL OR confidence >= $confidence)
          AND ($since IS NULL OR last_day >= $since)
          AND ($until IS NULL OR (first_day <= $until AND first_day <> ''))
        UNION ALL
        SELECT id, 'position' AS kind, stance AS type, confidence, published, report, seq
        FROM read_parquet($positions, union_by_name = true, hive_partitioning = false)
        WHERE ($confidence IS NULL OR confidence >= $confidence)
          AND ($since IS NULL OR last_day >= $since)
          AND ($until IS NULL OR (first_day <= $until AND first_day <> ''))
    )
)


-- name: strata
-- How many records each stratum has.
-- after: stratified
SELECT stratum, count(*) AS number FROM stratified GROUP BY stratum ORDER BY stratum;


-- name: drawn
-- Of each stratum in $names as many records as $quotas says, by a hash of seed and id: in an order that is random.
-- after: stratified
,
wanted AS (SELECT unnest($names) AS stratum, unnest($quotas) AS quota)
SELECT id, stratum
FROM (
    SELECT id, stratum, quota, md5($seed || id) AS chance,
        row_number() OVER (PARTITION BY stratum ORDER BY md5($seed || id), id) AS place
    FROM stratified JOIN wanted USING (stratum)
)
WHERE place <= quota
ORDER BY chance, id;


-- name: marks
-- The reports of a part by day of publication, each with a mark of which records it has.
SELECT r.id AS report, coalesce(m.mark, '') AS mark
FROM read_parquet($reports, union_by_name = true, hive_partitioning = false) AS r
LEFT JOIN (
    SELECT report, bit_xor(hash(id))::VARCHAR AS mark
    FROM (
        SELECT report, id FROM read_parquet($events, union_by_name = true, hive_partitioning = false)
        UNION ALL
        SELECT report, id FROM read_parquet($statements, union_by_name = true, hive_partitioning = false)
        UNION ALL
        SELECT report, id FROM read_parquet($positions, union_by_name = true, hive_partitioning = false)
    )
    GROUP BY report
) AS m ON m.report = r.id
ORDER BY r.published, r.id;


-- name: indexed_reports
-- What the readers' index keeps of some reports.
SELECT
    id, coalesce(title, '') AS title, coalesce(text, '') AS text, coalesce(published, '') AS published,
    coalesce(outlet, '') AS outlet,
    to_json({
        'url': url, 'language': language, 'removed': removed, 'events': events, 'statements': statements, 'positions': positions
    })::VARCHAR AS about
FROM read_parquet($reports, union_by_name = true, hive_partitioning = false)
WHERE id IN (SELECT unnest($among));


-- name: indexed_events
-- What the readers' index keeps of the events of some reports of some days.
SELECT
    report, seq, id, parties, type, status, NULL::VARCHAR AS issue, NULL::VARCHAR AS stance, first_day, last_day, confidence,
    to_json(e)::VARCHAR AS told
FROM read_parquet($events, union_by_name = true, hive_partitioning = false) AS e
WHERE published >= $first AND published <= $last AND report IN (SELECT unnest($among));


-- name: indexed_statements
-- What the readers' index keeps of the statements of some reports of some days.
SELECT
    report, seq, id, parties, NULL::VARCHAR AS type, NULL::VARCHAR AS status, NULL::VARCHAR AS issue, NULL::VARCHAR AS stance,
    first_day, last_day, confidence, to_json(s)::VARCHAR AS told
FROM read_parquet($statements, union_by_name = true, hive_partitioning = false) AS s
WHERE published >= $first AND published <= $last AND report IN (SELECT unnest($among));


-- name: indexed_positions
-- What the readers' index keeps of the positions of some reports of some days.
SELECT
    report, seq, id, parties, NULL::VARCHAR AS type, status, issue, stance, first_day, last_day, confidence,
    to_json(p)::VARCHAR AS told
FROM read_parquet($positions, union_by_name = true, hive_partitioning = false) AS p
WHERE published >= $first AND published <= $last AND report IN (SELECT unnest($among));


-- name: indexed_traces
-- The traces of some reports, in text order.
SELECT report, to_json(t)::VARCHAR AS told
FROM read_parquet($traces, union_by_name = true, hive_partitioning = false) AS t
WHERE report IN (SELECT unnest($among))
ORDER BY report, seq;


-- name: overview
-- The first and last day of publication, and how many outlets there are.
SELECT
    min(nullif(published, ''))::VARCHAR AS since, max(nullif(published, ''))::VARCHAR AS until,
    count(DISTINCT nullif(outlet, '')) AS outlets
FROM read_parquet($reports, union_by_name = true, hive_partitioning = false);


-- name: types
-- The types of the events, of whatever codebook.
SELECT DISTINCT type
FROM read_parquet($events, union_by_name = true, hive_partitioning = false)
ORDER BY type;


-- name: kinds_in_text_order
-- The kind of each record of a report, in text order: how its coding is put together again.
SELECT 'events' AS kind, seq
FROM read_parquet($events, union_by_name = true, hive_partitioning = false)
WHERE report = $report AND ($on IS NULL OR published = $on)
UNION ALL
SELECT 'statements' AS kind, seq
FROM read_parquet($statements, union_by_name = true, hive_partitioning = false)
WHERE report = $report AND ($on IS NULL OR published = $on)
UNION ALL
SELECT 'positions' AS kind, seq
FROM read_parquet($positions, union_by_name = true, hive_partitioning = false)
WHERE report = $report AND ($on IS NULL OR published = $on)
ORDER BY seq;


-- name: traces
-- Traces of one record, or of one report in text order.
SELECT * EXCLUDE (report, seq)
FROM read_parquet($traces, union_by_name = true, hive_partitioning = false)
WHERE ($id IS NULL OR record = $id)
  AND ($report IS NULL OR report = $report)
ORDER BY report, seq;


-- name: originals
-- Of reports of the same story (stories.py) the one that is counted, with the day of the first one's publication.
--
-- That is the one told first; but a brief or a copy cut short that came first does not stand for the whole: it is the
-- first report with at least half as many records as the fullest one. The others, copies, are left out.
WITH copies AS (
    SELECT
        id, published, outlet, CASE WHEN coalesce(story, '') = '' THEN id ELSE story END AS story,
        coalesce(events, 0) + coalesce(statements, 0) + coalesce(positions, 0) AS found
    FROM read_parquet($reports, union_by_name = true, hive_partitioning = false)
),
per_story AS (
    SELECT
        story, count(*) AS told, any_value(id) AS report, max(found) AS most,
        min(left(published, 10)) FILTER (published <> '') AS day
    FROM copies
    GROUP BY story
),
first_told AS (
    SELECT story, report, day FROM per_story WHERE told = 1
    UNION ALL
    SELECT story, min_by(c.id, (2 * found < most, published = '', published, c.id)) AS report, any_value(day) AS day
    FROM copies AS c
    JOIN per_story AS p USING (story)
    WHERE told > 1
    GROUP BY story
)


-- name: first_told
-- The reports that are no copies.
-- after: originals
SELECT report, day FROM first_told ORDER BY report;


-- name: merged_events
-- Events of the same actors, recipients, type, status and day as one row, with the reports that tell of them.
--
-- Actors are the same by code and sector, by their words where they have no code. An event known to the day has that day.
-- One of an interval joins the last day within it of which the same is told; where there is none, intervals that overlap
-- are one row. One that happened at some time up to a day (that of the story's first telling, if it is only known by its
-- report's publication) joins the last day of which the same is told if that is at most three days back.
-- after: originals
,
told AS (
    SELECT
        e.id AS id, e.report AS report, e.seq AS seq, e.type AS type, e.status AS status, e.confidence AS confidence,
        e.published AS published, c.story AS story, c.outlet AS outlet,
        list_sort(list_distinct(list_transform(
            e.actors, lambda a: upper(a.code) || '/' || a.sector || CASE a.code WHEN '' THEN '/' || lower(a.text) ELSE '' END
        ))) AS doers,
        list_sort(list_distinct(list_transform(
            e.recipients, lambda a: upper(a.code) || '/' || a.sector || CASE a.code WHEN '' THEN '/' || lower(a.text) ELSE '' END
        ))) AS others,
        e.date.start = '' AS open,
        CASE WHEN e.date.start = '' AND first_day = left(e.published, 10) THEN coalesce(f.day, first_day) ELSE first_day END
            AS first,
        CASE WHEN e.date.start = '' AND last_day = left(e.published, 10) THEN coalesce(f.day, last_day) ELSE last_day END
            AS last,
        list_sort(list_distinct(list_transform(e.actors, lambda a: upper(a.code)))) AS actors,
        list_sort(list_distinct(list_transform(e.recipients, lambda a: upper(a.code)))) AS recipients
    FROM read_parquet($events, union_by_name = true, hive_partitioning = false) AS e
    JOIN copies AS c ON c.id = e.report
    JOIN first_told AS f ON f.story = c.story
    WHERE ($report IS NULL OR e.report = $report)
      AND ($origin IS NULL OR CASE WHEN contains(e.report, ':') THEN split_part(e.report, ':', 1) ELSE 'communique' END = $origin)
      AND ($actor IS NULL OR list_contains(parties, $actor))
      AND ($one IS NULL OR $one = $other OR (list_contains(parties, $one) AND list_contains(parties, $other)))
      AND ($one IS NULL OR $one <> $other OR len(list_filter(parties, lambda code: code = $one)) > 1)
      AND ($type IS NULL OR type = $type)
      AND ($status IS NULL OR status = $status)
      AND ($confidence IS NULL OR confidence >= $confidence)
      AND ($since IS NULL OR last_day >= $since)
      AND ($until IS NULL OR (first_day <= $until AND first_day <> ''))
),
alike AS (SELECT *, {'d': doers, 'o': others, 't': type, 's': status}::VARCHAR AS key FROM told),
days AS (SELECT DISTINCT key, first AS day FROM alike WHERE first = last AND first <> '' AND NOT open),
placed AS (
    SELECT
        a.*,
        CASE
            WHEN a.first = '' THEN 'unknown, ' || a.story
            WHEN a.first = a.last AND NOT a.open THEN a.first
            WHEN d.day >= CASE WHEN a.open THEN (TRY_CAST(a.first AS DATE) - 3)::VARCHAR ELSE a.first END THEN d.day
            WHEN a.open THEN a.first
        END AS day
    FROM alike AS a
    ASOF LEFT JOIN days AS d ON a.key = d.key AND a.last >= d.day
),
loose AS (
    SELECT
        id,
        first > max(last) OVER (
            PARTITION BY key ORDER BY first, last, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS opens,
        key, first, last
    FROM placed
    WHERE day IS NULL
),
islands AS (
    SELECT
        id,
        'interval ' || count(*) FILTER (opens) OVER (PARTITION BY key ORDER BY first, last, id ROWS UNBOUNDED PRECEDING) AS island
    FROM loose
)
SELECT
    any_value(type) AS type, any_value(status) AS status,
    any_value(actors) AS actors, any_value(recipients) AS recipients,
    coalesce(any_value(p.day) FILTER (p.day NOT LIKE 'unknown%'), min(p.first)) AS first_day,
    coalesce(any_value(p.day) FILTER (p.day NOT LIKE 'unknown%'), max(p.last)) AS last_day,
    count(DISTINCT p.report) AS reports, count(DISTINCT p.story) AS stories,
    list_sort(coalesce(list(DISTINCT p.outlet) FILTER (p.outlet <> ''), [])) AS outlets,
    min_by(p.report, (p.published = '', p.published, p.report)) AS first_report,
    list(p.id ORDER BY p.published = '', p.published, p.report, p.seq) AS records,
    max(p.confidence) AS confidence
FROM placed AS p
LEFT JOIN islands AS i ON i.id = p.id
GROUP BY p.key, coalesce(p.day, i.island)
ORDER BY first_day, last_day, type, status, actors, recipients, records
LIMIT $limit;


-- name: left_out
-- Reports that are copies of others of their story, which stand for them.
-- after: originals
SELECT id AS report FROM copies WHERE id NOT IN (SELECT report FROM first_told);


-- name: paired
-- What each actor did to, said of and holds against each other one, for alignment: one row a day and sort of record.
--
-- Deeds are events of quad 2 and 4 that are told as done; words those of quad 1 and 3, and the hostile deeds that one says
-- another did (at half their value); positions are stances toward somebody. A value is the Goldstein score by ten, or 1
-- for support and -1 for opposition; its weight is the record's confidence. What is attributed counts as the own of those
-- doers only who tell it themselves. Doers of something friendly without another side did it together; who condemned or
-- punished together did not do it to each other. Copies of a story count once. So does what several reports tell of one
-- day: of the same sort between the same two, the surest record stands (`chosen`). A record is of its first day, that of
-- publication if it has none of its own.
WITH told AS (
    SELECT
        id, report, CASE WHEN mode = '' OR mode IS NULL THEN type ELSE type || '/' || mode END AS sort, quad,
        goldstein / 10 AS value, confidence, TRY_CAST(first_day AS DATE) AS day, first_day,
        list_transform(actors, lambda a: upper(a.code)) AS doers,
        list_transform(recipients, lambda a: upper(a.code)) AS others,
        list_transform(attributed_to, lambda a: upper(a.code)) AS tellers
    FROM read_parquet($events, union_by_name = true, hive_partitioning = false)
    WHERE status = 'actual'
      AND ($origin IS NULL OR CASE WHEN contains(report, ':') THEN split_part(report, ':', 1) ELSE 'communique' END = $origin)
      AND ($actors IS NULL OR list_has_any(parties, $actors))
      AND ($actors IS NULL OR len(attributed_to) > 0 OR len(list_intersect(parties, $actors)) > 1)
      AND ($confidence IS NULL OR confidence >= $confidence)
      AND ($since IS NULL OR first_day >= $since)
      AND ($until IS NULL OR (first_day <= $until AND first_day <> ''))
),
held AS (
    SELECT
        id, report, stance || ': ' || issue AS sort, confidence, TRY_CAST(first_day AS DATE) AS day, first_day,
        CASE stance WHEN 'support' THEN 1.0 WHEN 'oppose' THEN -1.0 ELSE 0.0 END AS value,
        list_transform(holders, lambda a: upper(a.code)) AS holders,
        list_transform(toward, lambda a: upper(a.code)) AS toward,
        list_transform(attributed_to, lambda a: upper(a.code)) AS tellers
    FROM read_parquet($positions, union_by_name = true, hive_partitioning = false)
    WHERE status = 'actual'
      AND ($origin IS NULL OR CASE WHEN contains(report, ':') THEN split_part(report, ':', 1) ELSE 'communique' END = $origin)
      AND ($actors IS NULL OR list_has_any(parties, $actors))
      AND ($actors IS NULL OR len(attributed_to) > 0 OR len(list_intersect(parties, $actors)) > 1)
      AND ($confidence IS NULL OR confidence >= $confidence)
      AND ($since IS NULL OR first_day >= $since)
      AND ($until IS NULL OR (first_day <= $until AND first_day <> ''))
),
sided AS (
    SELECT
        id, report, sort, value, confidence, day, first_day,
        CASE WHEN quad IN (2, 4) THEN 'deeds' ELSE 'words' END AS channel,
        CASE WHEN len(tellers) = 0 THEN doers ELSE list_intersect(doers, tellers) END AS sources,
        CASE WHEN len(others) > 0 THEN others WHEN quad IN (1, 2) THEN doers ELSE [] END AS targets
    FROM told
    UNION ALL
    SELECT
        id, report, 'said: ' || sort, value / 2, confidence, day, first_day, 'words', tellers,
        list_filter(doers, lambda code: NOT list_contains(tellers, code))
    FROM told
    WHERE quad = 4 AND len(tellers) > 0
    UNION ALL
    SELECT
        id, report, sort, value, confidence, day, first_day, 'positions',
        CASE WHEN len(tellers) = 0 THEN holders ELSE list_intersect(holders, tellers) END, toward
    FROM held
),
paired AS (
    SELECT
        channel, day, first_day, sort, id, report, value, confidence, pair.source AS source, pair.target AS target
    FROM (
        SELECT
            * EXCLUDE (sources, targets),
            unnest(flatten(list_transform(
                sources, lambda s: list_transform(targets, lambda t: {'source': s, 'target': t})
            ))) AS pair
        FROM sided
        WHERE day IS NOT NULL
    )
    WHERE pair.source <> pair.target AND pair.source <> '' AND pair.target <> ''
)


-- name: pairs_by_source
-- All rows of `paired`, so that those of one source and of one pair stand together: what summaries.py keeps of a part.
-- after: paired
SELECT * FROM paired ORDER BY source, target, day, id, channel, sort;


-- name: pairs_by_target
-- The same, so that those of one target stand together.
-- after: paired
SELECT * FROM paired ORDER BY target, source, day, id, channel, sort;


-- name: kept_pairs
-- Rows of `paired` that were kept.
WITH paired AS (
    SELECT * FROM read_parquet($pairs_by_source, union_by_name = true, hive_partitioning = false)
)


-- name: kept_pairs_from
-- Rows of `paired` that were kept, from actors between two in the alphabet.
WITH paired AS (
    SELECT * FROM read_parquet($pairs_by_source, union_by_name = true, hive_partitioning = false)
    WHERE source >= $from_source AND source < $to_source
)


-- name: sources
-- From whom how many rows were kept.
SELECT source, count(*) AS number
FROM read_parquet($pairs_by_source, union_by_name = true, hive_partitioning = false)
GROUP BY source
ORDER BY source;


-- name: kept_pairs_among
-- Rows of `paired` that were kept, between some actors.
WITH paired AS (
    SELECT * FROM read_parquet($pairs_by_source, union_by_name = true, hive_partitioning = false)
    WHERE source IN ($each_source) AND target IN ($each_target)
)


-- name: kept_pairs_of
-- Rows of `paired` that were kept, from or to one actor.
WITH paired AS (
    SELECT * FROM read_parquet($pairs_by_source, union_by_name = true, hive_partitioning = false)
    WHERE source = $only
    UNION ALL BY NAME
    SELECT * FROM read_parquet($pairs_by_target, union_by_name = true, hive_partitioning = false)
    WHERE target = $only
)


-- name: tied
-- The rows of `paired` that count: of one day and sort between the same two the surest record. No copies.
-- after: paired
,
wanted AS (SELECT unnest($actors) AS code),
chosen AS (
    SELECT channel, source, target, day, sort, arg_max({'id': id, 'report': report, 'value': value, 'confidence': confidence},
                                                 (confidence, id)) AS best
    FROM paired
    WHERE ($channel IS NULL OR channel = $channel)
      AND ($actors IS NULL OR (source IN (FROM wanted) AND target IN (FROM wanted)))
      AND ($only IS NULL OR source = $only OR target = $only)
      AND ($origin IS NULL OR CASE WHEN contains(report, ':') THEN split_part(report, ':', 1) ELSE 'communique' END = $origin)
      AND ($confidence IS NULL OR confidence >= $confidence)
      AND ($since IS NULL OR first_day >= $since)
      AND ($until IS NULL OR (first_day <= $until AND first_day <> ''))
      AND report NOT IN (SELECT report FROM left_out)
    GROUP BY channel, source, target, day, sort
)


-- name: ties
-- Sums of `tied` by period and report: of decimals, which come to the same in whatever order threads add them up.
-- after: tied
SELECT
    channel, source, target, date_trunc($period, day)::DATE AS period, best.report AS report,
    sum((best.value * best.confidence)::DECIMAL(18, 12))::DOUBLE AS value,
    sum(best.confidence::DECIMAL(18, 12))::DOUBLE AS weight, count(*) AS records
FROM chosen
GROUP BY ALL
ORDER BY channel, source, target, period, report;


-- name: tie_sums
-- Sums of `tied` by period, as in `ties`: all channels and reports together.
-- after: tied
SELECT
    source, target, date_trunc($period, day)::DATE AS period,
    sum((best.value * best.confidence)::DECIMAL(18, 12))::DOUBLE AS value,
    sum(best.confidence::DECIMAL(18, 12))::DOUBLE AS weight, count(*) AS records
FROM chosen
GROUP BY ALL
ORDER BY source, target, period;


-- name: tie_records
-- The records that count for a score, by day.
-- after: tied
SELECT channel, source, target, day::VARCHAR AS day, sort, best.id AS id, best.report AS report, best.value AS value
FROM chosen
ORDER BY day, channel, source, target, id;


-- name: holding
-- What each actor holds on each issue: only what is told as held, and not what somebody else says that one holds.
WITH holding AS (
    SELECT
        h.actor AS actor, issue, TRY_CAST(first_day AS DATE) AS day, first_day, stance, id, report, confidence,
        CASE stance WHEN 'support' THEN 1.0 WHEN 'oppose' THEN -1.0 ELSE 0.0 END AS value
    FROM read_parquet($positions, union_by_name = true, hive_partitioning = false),
        unnest(list_transform(holders, lambda a: upper(a.code))) AS h(actor)
    WHERE status = 'actual' AND ($origin IS NULL OR CASE WHEN contains(report, ':') THEN split_part(report, ':', 1) ELSE 'communique' END = $origin)
      AND issue <> '' AND h.actor <> '' AND TRY_CAST(first_day AS DATE) IS NOT NULL
      AND (len(attributed_to) = 0
           OR list_contains(list_transform(attributed_to, lambda a: upper(a.code)), h.actor))
)


-- name: holds
-- All rows of `holding`, so that those of one actor and issue stand together: what summaries.py keeps of a part.
-- after: holding
SELECT * FROM holding ORDER BY actor, issue, day, id;


-- name: kept_holds
-- Rows of `holding` that were kept.
WITH holding AS (
    SELECT * FROM read_parquet($holds, union_by_name = true, hive_partitioning = false)
)


-- name: stanced
-- The rows of `holding` that count, for agreement: of one day the surest record of each stance. No copies.
-- after: holding
,
held AS (
    SELECT DISTINCT ON (actor, issue, day, stance) *
    FROM holding
    WHERE ($actors IS NULL OR list_contains($actors, actor)) AND ($only IS NULL OR actor = $only)
      AND ($issue IS NULL OR issue = $issue)
      AND ($origin IS NULL OR CASE WHEN contains(report, ':') THEN split_part(report, ':', 1) ELSE 'communique' END = $origin)
      AND ($confidence IS NULL OR confidence >= $confidence)
      AND ($since IS NULL OR first_day >= $since)
      AND ($until IS NULL OR (first_day <= $until AND first_day <> ''))
      AND report NOT IN (SELECT report FROM left_out)
    ORDER BY actor, issue, day, stance, confidence DESC, id
)


-- name: stances
-- Sums of `stanced` by period and report, as in `ties`.
-- after: stanced
SELECT
    actor, issue, date_trunc($period, day)::DATE AS period, report,
    sum((value * confidence)::DECIMAL(18, 12))::DOUBLE AS value, sum(confidence::DECIMAL(18, 12))::DOUBLE AS weight,
    count(*) AS records
FROM held
GROUP BY ALL
ORDER BY ALL;


-- name: stance_records
-- The records that count for what an actor holds on an issue (on any, if none is named), by issue and day.
-- after: stanced
SELECT actor, issue, day::VARCHAR AS day, stance AS sort, id, report, value
FROM held
ORDER BY actor, issue, day, id;


-- name: dyad_counts
-- How often each actor did something to each other one in each period, and how it was on average, by Goldstein score.
--
-- Events that are told as done, by whoever did them if they are attributed; sides are as in `tied`. What is told of the
-- same day, type and mode counts once, whoever tells it.
WITH told AS (
    SELECT
        TRY_CAST(first_day AS DATE) AS day, type, mode, goldstein,
        list_transform(actors, lambda a: upper(a.code)) AS doers,
        list_transform(recipients, lambda a: upper(a.code)) AS others,
        list_transform(attributed_to, lambda a: upper(a.code)) AS tellers, quad
    FROM read_parquet($events, union_by_name = true, hive_partitioning = false)
    WHERE status = 'actual'
      AND ($origin IS NULL OR CASE WHEN contains(report, ':') THEN split_part(report, ':', 1) ELSE 'communique' END = $origin)
      AND ($actor IS NULL OR list_contains(parties, $actor))
      AND ($confidence IS NULL OR confidence >= $confidence)
      AND ($since IS NULL OR first_day >= $since)
      AND ($until IS NULL OR (first_day <= $until AND first_day <> ''))
),
paired AS (
    SELECT
        day, type, mode, goldstein,
        unnest(flatten(list_transform(
            CASE WHEN len(tellers) = 0 THEN doers ELSE list_intersect(doers, tellers) END,
            lambda s: list_transform(
                CASE WHEN len(others) > 0 THEN others WHEN quad IN (1, 2) THEN doers ELSE [] END,
                lambda t: {'source': s, 'target': t}
            )
        ))) AS pair
    FROM told
    WHERE day IS NOT NULL
)
SELECT
    pair.source AS source, pair.target AS target, date_trunc($period, day)::DATE AS period,
    count(DISTINCT {'d': day, 't': type, 'm': mode}) AS records, avg(goldstein::DECIMAL(18, 12)) AS value
FROM paired
WHERE pair.source <> pair.target AND pair.source <> '' AND pair.target <> ''
GROUP BY ALL
ORDER BY ALL;
