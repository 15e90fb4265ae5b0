/**
 * Changes that were found in tasks.jsonl, and that no entry of the history in its line tells of. They are of this database alone:
 * in the line they would change the file that was only read.
 */
export const foundChangesMigration = `
CREATE TABLE found_changes (
  task TEXT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
  at REAL NOT NULL,
  changes TEXT NOT NULL
) STRICT;
CREATE INDEX found_changes_task ON found_changes (task);
`;
