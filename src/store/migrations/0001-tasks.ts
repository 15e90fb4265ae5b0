/** The task graph, and what was last seen in `tasks.jsonl`. Times in ms since the epoch; lists and unknown fields as JSON. */
export const tasksMigration = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE tasks (
  id TEXT PRIMARY KEY,
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('open', 'closed')),
  priority INTEGER NOT NULL,
  labels TEXT NOT NULL,
  parent TEXT,
  created_at REAL NOT NULL,
  updated_at REAL NOT NULL,
  closed_at REAL,
  extra TEXT NOT NULL
) STRICT;

-- depends_on may name a task that is not here (yet): another branch of the file can bring it.
CREATE TABLE task_dependencies (
  task TEXT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
  depends_on TEXT NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (task, depends_on)
) STRICT, WITHOUT ROWID;

CREATE TABLE tombstones (id TEXT PRIMARY KEY, deleted_at REAL NOT NULL) STRICT, WITHOUT ROWID;

-- The tasks as the file had them when it was last read or written: the common ancestor of the next merge.
CREATE TABLE file_tasks (id TEXT PRIMARY KEY, line TEXT NOT NULL) STRICT, WITHOUT ROWID;
`;
