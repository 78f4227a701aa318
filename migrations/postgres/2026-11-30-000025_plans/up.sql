-- External assessments 上级测评. Only months are kept: the day is confidential, and nobody needs it to count down.
CREATE TABLE assessments (
    id BYTEA PRIMARY KEY,
    version BIGINT NOT NULL,
    name TEXT NOT NULL,
    campaign TEXT NOT NULL REFERENCES campaigns (code) ON DELETE RESTRICT,
    kind TEXT NOT NULL,
    month_from TEXT NOT NULL,
    month_to TEXT NOT NULL,
    changed_by BYTEA NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    changed_at BIGINT NOT NULL,
    CHECK (length(id) = 16),
    CHECK (version >= 1),
    CHECK (month_from <= month_to)
);
CREATE INDEX assessments_by_month ON assessments (month_from, id);
CREATE INDEX assessments_by_campaign ON assessments (campaign);
CREATE INDEX assessments_by_writer ON assessments (changed_by);

-- Backward schedules 倒排工期; the tasks with their progress as JSON. What follows from them is computed when it is read.
CREATE TABLE schedules (
    id BYTEA PRIMARY KEY,
    version BIGINT NOT NULL,
    name TEXT NOT NULL,
    assessment_id BYTEA REFERENCES assessments (id) ON DELETE RESTRICT,
    end_day TEXT NOT NULL,
    tasks TEXT NOT NULL,
    changed_by BYTEA NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    changed_at BIGINT NOT NULL,
    CHECK (length(id) = 16),
    CHECK (version >= 1)
);
CREATE INDEX schedules_by_end ON schedules (end_day, id);
CREATE INDEX schedules_by_assessment ON schedules (assessment_id);
CREATE INDEX schedules_by_writer ON schedules (changed_by);

-- Milestones 节点 of the plans of issues on the books 挂账, as they are in `issues.plan`, where an index finds those due.
CREATE TABLE issue_milestones (
    issue_id BYTEA NOT NULL REFERENCES issues (id) ON DELETE RESTRICT,
    position INTEGER NOT NULL,
    milestone TEXT NOT NULL,
    due TEXT NOT NULL,
    reached_on TEXT,
    ended_on TEXT,
    PRIMARY KEY (issue_id, position)
);
CREATE INDEX issue_milestones_by_due ON issue_milestones (due, issue_id, position);
INSERT INTO issue_milestones (issue_id, position, milestone, due, reached_on, ended_on)
SELECT id, at, plan -> 'milestones' -> at ->> 'milestone', plan -> 'milestones' -> at ->> 'due',
    plan -> 'milestones' -> at ->> 'reached_on', plan ->> 'ended_on'
FROM (
    SELECT id, plan, generate_series(0, json_array_length(plan -> 'milestones') - 1) AS at
    FROM (SELECT id, plan::json AS plan FROM issues WHERE plan IS NOT NULL) AS hung
) AS steps;

-- What issues need that their units do not have 需求: people, money, law.
CREATE TABLE issue_needs (
    issue_id BYTEA NOT NULL REFERENCES issues (id) ON DELETE RESTRICT,
    need TEXT NOT NULL,
    unit_id BYTEA NOT NULL REFERENCES units (id) ON DELETE RESTRICT,
    note TEXT NOT NULL,
    noted_by BYTEA NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    noted_at BIGINT NOT NULL,
    PRIMARY KEY (issue_id, need)
);
CREATE INDEX issue_needs_by_time ON issue_needs (noted_at, issue_id, need);
CREATE INDEX issue_needs_by_unit ON issue_needs (unit_id);
CREATE INDEX issue_needs_by_writer ON issue_needs (noted_by);

-- How much effort it takes to put an item right at such points; the office's estimate.
CREATE TABLE item_efforts (
    item_code TEXT NOT NULL REFERENCES items (code) ON DELETE RESTRICT,
    point_type TEXT NOT NULL REFERENCES point_types (code) ON DELETE RESTRICT,
    effort INTEGER NOT NULL,
    PRIMARY KEY (item_code, point_type),
    CHECK (effort >= 1)
);
CREATE INDEX item_efforts_by_type ON item_efforts (point_type);

-- The score of each visit that judges its point. A visit never changes, and neither does its score.
CREATE TABLE visit_scores (
    visit_id BYTEA PRIMARY KEY REFERENCES visits (id) ON DELETE RESTRICT,
    point_id BYTEA NOT NULL REFERENCES points (id) ON DELETE RESTRICT,
    began_at BIGINT NOT NULL,
    sudden BOOLEAN NOT NULL,
    numerator BIGINT NOT NULL,
    denominator BIGINT NOT NULL,
    vetoed BOOLEAN NOT NULL,
    CHECK (denominator >= 1)
);
CREATE INDEX visit_scores_by_point ON visit_scores (point_id, began_at, visit_id);
CREATE INDEX visit_scores_by_beginning ON visit_scores (began_at, visit_id);

-- The points 分 that such a visit lost, by item: weight × (1 − r), in halves.
CREATE TABLE visit_losses (
    visit_id BYTEA NOT NULL REFERENCES visits (id) ON DELETE RESTRICT,
    item_code TEXT NOT NULL REFERENCES items (code) ON DELETE RESTRICT,
    point_type TEXT NOT NULL,
    point_id BYTEA NOT NULL REFERENCES points (id) ON DELETE RESTRICT,
    issue_id BYTEA REFERENCES issues (id) ON DELETE RESTRICT,
    began_at BIGINT NOT NULL,
    sudden BOOLEAN NOT NULL,
    lost_halves BIGINT NOT NULL,
    PRIMARY KEY (visit_id, item_code),
    CHECK (lost_halves >= 1)
);
CREATE INDEX visit_losses_by_cell ON visit_losses (item_code, point_type, began_at, visit_id);
CREATE INDEX visit_losses_by_point ON visit_losses (point_id);
CREATE INDEX visit_losses_by_issue ON visit_losses (issue_id);

-- Their sums by month: reading the gap matrix 对标补短表 costs the same however many visits there are.
CREATE TABLE gap_cells (
    month TEXT NOT NULL,
    item_code TEXT NOT NULL REFERENCES items (code) ON DELETE RESTRICT,
    point_type TEXT NOT NULL,
    -- Of visits that carry out a task.
    observed BIGINT NOT NULL,
    lost_halves BIGINT NOT NULL,
    -- Of sudden ones 突击暗访, which the county may leave out.
    sudden_observed BIGINT NOT NULL,
    sudden_lost_halves BIGINT NOT NULL,
    PRIMARY KEY (month, item_code, point_type)
);
CREATE INDEX gap_cells_by_item ON gap_cells (item_code);

-- The visits that were made before. A month is one of China's time, as every county that there is has it.
CREATE TABLE judged AS
SELECT items.visit_id, items.point_id, items.began_at, items.sudden, items.item ->> 'code' AS item_code,
    (items.item ->> 'weight')::bigint AS weight, (items.item ->> 'veto')::boolean AS veto,
    CASE result.result WHEN 'conforms' THEN 2 WHEN 'mostly' THEN 1 WHEN 'fails' THEN 0 END AS halves, result.issue_id
FROM (
    SELECT id AS visit_id, point_id, began_at, batch_id IS NULL AS sudden, json_array_elements(checklist::json) AS item
    FROM visits
) AS items
LEFT JOIN visit_results AS result
    ON result.visit_id = items.visit_id AND result.item_code = items.item ->> 'code';
INSERT INTO visit_scores (visit_id, point_id, began_at, sudden, numerator, denominator, vetoed)
SELECT visit_id, point_id, began_at, sudden,
    CASE WHEN vetoed AND 10000 * gained > 5999 * 2 * observed THEN 5999 ELSE 100 * gained END,
    CASE WHEN vetoed AND 10000 * gained > 5999 * 2 * observed THEN 100 ELSE 2 * observed END, vetoed
FROM (
    SELECT visit_id, point_id, began_at, sudden, sum(weight) AS total,
        sum(CASE WHEN halves IS NULL THEN 0 ELSE weight END) AS observed, sum(coalesce(weight * halves, 0)) AS gained,
        bool_or(veto AND coalesce(halves = 0, FALSE)) AS vetoed
    FROM judged GROUP BY visit_id, point_id, began_at, sudden
) AS sums
WHERE observed > 0 AND 100 * observed >= 60 * total;
INSERT INTO visit_losses (visit_id, item_code, point_type, point_id, issue_id, began_at, sudden, lost_halves)
SELECT judged.visit_id, item_code, points.point_type, judged.point_id, issue_id, judged.began_at, judged.sudden,
    weight * (2 - halves)
FROM judged
JOIN visit_scores ON visit_scores.visit_id = judged.visit_id
JOIN points ON points.id = judged.point_id
WHERE halves < 2;
INSERT INTO gap_cells
    (month, item_code, point_type, observed, lost_halves, sudden_observed, sudden_lost_halves)
SELECT to_char(to_timestamp(judged.began_at / 1000000 + 28800) AT TIME ZONE 'UTC', 'YYYY-MM'), item_code, points.point_type,
    sum(CASE WHEN judged.sudden THEN 0 ELSE 1 END), sum(CASE WHEN judged.sudden THEN 0 ELSE weight * (2 - halves) END),
    sum(CASE WHEN judged.sudden THEN 1 ELSE 0 END), sum(CASE WHEN judged.sudden THEN weight * (2 - halves) ELSE 0 END)
FROM judged
JOIN visit_scores ON visit_scores.visit_id = judged.visit_id
JOIN points ON points.id = judged.point_id
WHERE halves IS NOT NULL
GROUP BY 1, 2, 3;
DROP TABLE judged;
