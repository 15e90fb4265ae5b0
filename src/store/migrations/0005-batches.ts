/** Named sets of tasks. A task may be named here that is not there (yet): another branch of the file can bring it. */
export const batchesMigration = `
CREATE TABLE batches (name TEXT PRIMARY KEY, created_at REAL NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE batch_tasks (
  position INTEGER PRIMARY KEY,
  task TEXT NOT NULL UNIQUE,
  batch TEXT NOT NULL REFERENCES batches (name)
) STRICT;
CREATE INDEX batch_tasks_batch ON batch_tasks (batch);
`;
