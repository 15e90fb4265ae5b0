/**
 * What agents say of themselves and what they are told: the conversation of a run, the tokens of each model call, prompts on
 * their way into a session, money that a person granted beyond a budget, and which warnings of budgets were given.
 */
export const agentsMigration = `
ALTER TABLE runs ADD COLUMN conversation TEXT;

CREATE TABLE usage (
  run TEXT NOT NULL REFERENCES runs (id),
  conversation TEXT NOT NULL,
  key TEXT NOT NULL,
  model TEXT NOT NULL,
  input INTEGER NOT NULL,
  output INTEGER NOT NULL,
  cache_read INTEGER NOT NULL,
  cache_write INTEGER NOT NULL,
  usd REAL,
  at REAL NOT NULL,
  PRIMARY KEY (conversation, key, model)
) STRICT, WITHOUT ROWID;
CREATE INDEX usage_run ON usage (run);

-- How often the usage of a run changed: sums that were made before are still right while it is the same.
CREATE TABLE usage_changes (
  run TEXT PRIMARY KEY,
  changes INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TRIGGER usage_added AFTER INSERT ON usage BEGIN
  INSERT INTO usage_changes VALUES (NEW.run, 1) ON CONFLICT (run) DO UPDATE SET changes = changes + 1;
END;
CREATE TRIGGER usage_changed AFTER UPDATE ON usage BEGIN
  INSERT INTO usage_changes VALUES (NEW.run, 1) ON CONFLICT (run) DO UPDATE SET changes = changes + 1;
END;

CREATE TABLE agent_words (
  session TEXT PRIMARY KEY,
  words TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE messages (
  id INTEGER PRIMARY KEY,
  session TEXT NOT NULL,
  text TEXT NOT NULL,
  state TEXT NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  actor TEXT NOT NULL,
  created_at REAL NOT NULL,
  typed_at REAL,
  accepted_at REAL,
  answered_at REAL
) STRICT;
CREATE INDEX messages_session ON messages (session, id);
CREATE INDEX messages_state ON messages (state);

CREATE TABLE grants (
  id INTEGER PRIMARY KEY,
  scope TEXT NOT NULL,
  name TEXT NOT NULL,
  usd REAL NOT NULL,
  actor TEXT NOT NULL,
  at REAL NOT NULL
) STRICT;

CREATE TABLE budget_warnings (
  scope TEXT NOT NULL,
  name TEXT NOT NULL,
  level TEXT NOT NULL,
  limit_usd REAL NOT NULL,
  PRIMARY KEY (scope, name, level, limit_usd)
) STRICT, WITHOUT ROWID;
`;
