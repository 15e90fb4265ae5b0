/**
 * States of worktrees that can be brought back. `state`: noted before its ref is made, going before its ref is removed. A rewind
 * without an end is done again.
 */
export const checkpointsMigration = `
CREATE TABLE checkpoints (
  run TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('checkpoints', 'kept')),
  number INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('noted', 'made', 'going')),
  why TEXT NOT NULL,
  commit_id TEXT NOT NULL,
  content TEXT NOT NULL,
  head TEXT,
  files INTEGER NOT NULL,
  left_out TEXT NOT NULL,
  at REAL NOT NULL,
  PRIMARY KEY (run, kind, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE rewinds (
  id INTEGER PRIMARY KEY,
  run TEXT NOT NULL,
  kept INTEGER NOT NULL,
  target TEXT NOT NULL,
  by TEXT NOT NULL,
  at REAL NOT NULL,
  ended_at REAL
) STRICT;
CREATE INDEX rewinds_open ON rewinds (id) WHERE ended_at IS NULL;
`;
