/** What each person did to tasks last, with the values before and after in full: to take it back. */
export const taskStepsMigration = `
CREATE TABLE task_steps (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  actor TEXT NOT NULL,
  at REAL NOT NULL,
  changes TEXT NOT NULL
) STRICT;
CREATE INDEX task_steps_actor ON task_steps (actor, id);
`;
