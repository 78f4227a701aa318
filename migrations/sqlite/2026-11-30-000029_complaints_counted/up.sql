-- How many complaints of a kind are open is counted from the index alone.
CREATE INDEX complaints_by_kind ON complaints (kind, answered_at);
