-- Audit records and refusals by person and by day: in the order of time, each filter with an index that has this order.
DROP INDEX audit_by_actor;
DROP INDEX audit_by_action;
CREATE INDEX audit_by_time ON audit (at, seq);
CREATE INDEX audit_by_actor ON audit (actor_id, at, seq);
CREATE INDEX audit_by_action ON audit (action, at, seq);
CREATE INDEX audit_by_actor_and_action ON audit (actor_id, action, at, seq);
DROP INDEX denials_in_order;
DROP INDEX denials_by_action;
DROP INDEX denials_by_actor;
CREATE INDEX denials_by_time ON denials (at, after_seq, seq);
CREATE INDEX denials_by_actor ON denials (actor_id, at, after_seq, seq);
CREATE INDEX denials_by_action ON denials (action, at, after_seq, seq);
CREATE INDEX denials_by_actor_and_action ON denials (actor_id, action, at, after_seq, seq);
