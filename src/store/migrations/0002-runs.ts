/** Runs, their history and their machines' snapshots. A task or a worker has at most one live run. */
export const runsMigration = `
CREATE TABLE runs (
  id TEXT PRIMARY KEY,
  task TEXT NOT NULL,
  number INTEGER NOT NULL,
  worker TEXT NOT NULL,
  agent TEXT NOT NULL,
  status TEXT NOT NULL,
  reason TEXT NOT NULL,
  worktree TEXT,
  branch TEXT,
  base TEXT,
  session TEXT NOT NULL UNIQUE,
  created_at REAL NOT NULL,
  started_at REAL,
  ended_at REAL,
  files_changed INTEGER NOT NULL DEFAULT 0,
  lines_added INTEGER NOT NULL DEFAULT 0,
  lines_removed INTEGER NOT NULL DEFAULT 0,
  is_live INTEGER NOT NULL,
  UNIQUE (task, number)
) STRICT;

CREATE UNIQUE INDEX runs_live_task ON runs (task) WHERE is_live = 1;
CREATE UNIQUE INDEX runs_live_worker ON runs (worker) WHERE is_live = 1;

CREATE TABLE run_events (
  run TEXT NOT NULL REFERENCES runs (id),
  sequence INTEGER NOT NULL,
  type TEXT NOT NULL,
  payload TEXT NOT NULL,
  status TEXT NOT NULL,
  at REAL NOT NULL,
  PRIMARY KEY (run, sequence)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER run_events_no_update BEFORE UPDATE ON run_events
BEGIN SELECT RAISE(ABORT, 'run events are append-only'); END;
CREATE TRIGGER run_events_no_delete BEFORE DELETE ON run_events
BEGIN SELECT RAISE(ABORT, 'run events are append-only'); END;

CREATE TABLE run_snapshots (
  run TEXT PRIMARY KEY REFERENCES runs (id),
  machine_version INTEGER NOT NULL,
  snapshot TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`;
