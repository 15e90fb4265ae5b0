/**
 * What agents say of themselves and what they are told: the conversation of a run, the tokens of each model call, prompts on
 * their way into a session, and money that a person granted beyond a budget.
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
`;
