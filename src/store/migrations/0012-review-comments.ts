/** What people said of lines that runs changed. `sent_at` is set when the agent is given it, with the message that does so, if one does. */
export const reviewCommentsMigration = `
CREATE TABLE review_comments (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  run TEXT NOT NULL,
  path TEXT NOT NULL,
  side TEXT NOT NULL CHECK (side IN ('old', 'new')),
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  quote TEXT NOT NULL,
  text TEXT NOT NULL,
  actor TEXT NOT NULL,
  at REAL NOT NULL,
  sent_at REAL,
  message INTEGER
) STRICT;
CREATE INDEX review_comments_run ON review_comments (run);
`;
