/** Indexes the words of all tasks, when none is: each of these is one statement. */
export const indexWordsSql = [
  'INSERT INTO task_numbers (task) SELECT id FROM tasks',
  `INSERT INTO task_words (rowid, id, title, body, labels, comments)
     SELECT number, id, title, body, labels, coalesce(
       (SELECT group_concat(entry ->> '$.text', char(10)) FROM task_notes n WHERE n.task = id AND kind = 'comments'), '')
     FROM task_numbers JOIN tasks ON id = task`,
];

/** A quoted phrase, closed or not, or a word. */
const part = /"([^"]*)"?|[^\s"]+/g;
const letterOrDigit = /[\p{L}\p{N}]/u;
/** More are not looked for: each costs a look into the index. */
const PARTS_MAX = 32;

/**
 * What a person typed as a query of FTS5 that cannot be wrong: every word with any ending, every quoted phrase as it
 * stands, and nothing else of its grammar. Words without a letter or digit are left out; nothing left matches nothing.
 */
export function matchOf(typed: string): string {
  const parts: string[] = [];
  for (const [whole, phrase] of typed.replaceAll('\0', ' ').toWellFormed().matchAll(part)) {
    const text = phrase ?? whole;
    if (!letterOrDigit.test(text)) continue;
    parts.push(phrase === undefined ? `"${text}"*` : `"${text}"`);
  }
  return parts.length === 0 ? '""' : parts.slice(0, PARTS_MAX).join(' ');
}
