DROP TABLE gap_cells;
DROP TABLE visit_losses;
DROP TABLE visit_scores;
DROP TABLE item_efforts;
DROP TABLE issue_needs;
DROP TABLE issue_milestones;
DROP TABLE schedules;
DROP TABLE assessments;
