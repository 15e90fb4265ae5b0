/**
 * Links, claims, comments, history, words to search for and saved filters; and indexes, so that a question costs by its
 * answer and not by the number of tasks.
 */
export const taskGraphMigration = `
ALTER TABLE tasks ADD COLUMN assignee TEXT;
ALTER TABLE tasks ADD COLUMN claimed_at REAL;

CREATE INDEX tasks_urgency ON tasks (priority, created_at, id);
CREATE INDEX tasks_open_urgency ON tasks (priority, created_at, id) WHERE status = 'open';
CREATE INDEX tasks_parent ON tasks (parent) WHERE parent IS NOT NULL;
CREATE INDEX task_dependencies_on ON task_dependencies (depends_on);

CREATE TABLE task_links (
  task TEXT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('related', 'discoveredFrom')),
  other TEXT NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (task, kind, other)
) STRICT, WITHOUT ROWID;
CREATE INDEX task_links_other ON task_links (other);

-- Comments and changes, as the JSON of their line: a set, which only grows as long as the task is there.
CREATE TABLE task_notes (
  task TEXT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('comments', 'history')),
  at REAL NOT NULL,
  entry TEXT NOT NULL,
  PRIMARY KEY (task, kind, at, entry)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER task_notes_no_update BEFORE UPDATE ON task_notes
BEGIN SELECT RAISE(ABORT, 'comments and history are append-only'); END;
CREATE TRIGGER task_notes_no_delete BEFORE DELETE ON task_notes
WHEN EXISTS (SELECT 1 FROM tasks WHERE id = old.task)
BEGIN SELECT RAISE(ABORT, 'comments and history are append-only'); END;

CREATE TABLE task_filters (name TEXT PRIMARY KEY, query TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- What was imported from where: a second import knows it again.
CREATE TABLE imported_tasks (
  source TEXT NOT NULL,
  key TEXT NOT NULL,
  task TEXT NOT NULL,
  PRIMARY KEY (source, key)
) STRICT, WITHOUT ROWID;

-- A number of each task's own: the rowid of a table with another key may change in a VACUUM.
CREATE TABLE task_numbers (number INTEGER PRIMARY KEY, task TEXT NOT NULL UNIQUE) STRICT;
CREATE VIRTUAL TABLE task_words USING fts5 (
  id, title, body, labels, comments, tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO task_numbers (task) SELECT id FROM tasks;
INSERT INTO task_words (rowid, id, title, body, labels, comments)
  SELECT number, id, title, body, labels, '' FROM task_numbers JOIN tasks ON id = task;
-- New tasks are indexed by their writer: in an import that is quicker than a trigger.
CREATE TRIGGER task_words_update AFTER UPDATE ON tasks
WHEN (old.title, old.body, old.labels) IS NOT (new.title, new.body, new.labels) BEGIN
  UPDATE task_words SET title = new.title, body = new.body, labels = new.labels
    WHERE rowid = (SELECT number FROM task_numbers WHERE task = new.id);
END;
CREATE TRIGGER task_words_delete AFTER DELETE ON tasks BEGIN
  DELETE FROM task_words WHERE rowid = (SELECT number FROM task_numbers WHERE task = old.id);
  DELETE FROM task_numbers WHERE task = old.id;
END;
CREATE TRIGGER task_words_comment AFTER INSERT ON task_notes WHEN new.kind = 'comments' BEGIN
  UPDATE task_words SET comments = comments || char(10) || (new.entry ->> '$.text')
    WHERE rowid = (SELECT number FROM task_numbers WHERE task = new.task);
END;

-- Whose line in tasks.jsonl may not be what the store knows.
CREATE TABLE dirty_tasks (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
INSERT INTO dirty_tasks SELECT id FROM tasks UNION SELECT id FROM tombstones UNION SELECT id FROM file_tasks;
${[
  ['tasks', 'id'],
  ['tombstones', 'id'],
  ['file_tasks', 'id'],
  ['task_dependencies', 'task'],
  ['task_links', 'task'],
  ['task_notes', 'task'],
]
  .flatMap(([table, key]) => [
    mark(table, 'INSERT', `new.${key}`),
    mark(table, 'UPDATE', `new.${key}`),
    mark(table, 'DELETE', `old.${key}`),
  ])
  .join('\n')}
`;

/** Not OR IGNORE: inside a trigger the conflict clause of the outer statement counts. */
function mark(table: string, event: string, id: string): string {
  const insert = `INSERT INTO dirty_tasks SELECT ${id} WHERE NOT EXISTS (SELECT 1 FROM dirty_tasks WHERE id = ${id})`;
  return `CREATE TRIGGER ${table}_dirty_${event.toLowerCase()} AFTER ${event} ON ${table} BEGIN ${insert}; END;`;
}
