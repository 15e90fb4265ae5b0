import type { QueryKey, TaskCondition, TaskQuery } from '../domain/task-query.ts';
import { isBlockedSql, isReadySql } from './task-row.ts';
import { matchOf } from './task-words.ts';

const sqlOfIs: Record<string, string> = {
  ready: isReadySql,
  blocked: `t.status = 'open' AND ${isBlockedSql}`,
  claimed: 't.claimed_at IS NOT NULL',
};

/** The SQL of each condition on `t`; `value` is the name of its parameter. */
const sqlOf: Record<QueryKey, (condition: TaskCondition, value: string) => string> = {
  status: ({ value }, name) => (value === 'all' ? 'TRUE' : `t.status = ${name}`),
  is: ({ value }) => sqlOfIs[value] ?? 'FALSE',
  label: (_, name) => `EXISTS (SELECT 1 FROM json_each(t.labels) WHERE value = ${name})`,
  priority: ({ compare }, name) => `t.priority ${compare} CAST(${name} AS INTEGER)`,
  assignee: (condition, name) => orNone('t.assignee', condition, name),
  agent: (condition, name) => orNone("(t.extra ->> '$.agent')", condition, name),
  parent: (condition, name) => orNone('t.parent', condition, name),
};

/** The query as a condition on `t` and its values. */
export function taskQuerySql({ conditions, words }: TaskQuery): { where: string; values: Record<string, string> } {
  const values: Record<string, string> = {};
  const parts = conditions.map((condition, index) => {
    values[`value${index}`] = condition.value;
    const sql = sqlOf[condition.key](condition, `@value${index}`);
    return condition.isNot ? `(${sql}) IS NOT TRUE` : `(${sql})`;
  });
  if (words !== '') {
    values.match = matchOf(words);
    parts.push(
      't.id IN (SELECT task FROM task_numbers WHERE number IN (SELECT rowid FROM task_words WHERE task_words MATCH @match))',
    );
  }
  return { where: parts.length === 0 ? 'TRUE' : parts.join(' AND '), values };
}

function orNone(column: string, { value }: TaskCondition, name: string): string {
  return value === 'none' ? `(${column} IS NULL AND ${name} = 'none')` : `${column} = ${name}`;
}
