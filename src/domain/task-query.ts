import { ForgeError } from '../base/errors.ts';

type Compare = '=' | '<' | '<=' | '>' | '>=';

/** One condition of a query; `isNot`: it must not hold. */
export interface TaskCondition {
  key: QueryKey;
  compare: Compare;
  value: string;
  isNot: boolean;
}

/** Conditions that must all hold, and words that must all be there. */
export interface TaskQuery {
  conditions: TaskCondition[];
  words: string;
}

/** What can be asked of a task: an example, and what a value must look like. */
export const queryKeys = {
  status: { example: 'status:closed', value: /^(open|closed|all)$/, says: 'open, closed or all' },
  is: { example: 'is:ready', value: /^(ready|blocked|claimed)$/, says: 'ready, blocked or claimed' },
  label: { example: 'label:ui', value: /./, says: 'a label' },
  priority: { example: 'priority<=1', value: /^[0-4]$/, says: 'a number from 0 to 4' },
  assignee: { example: 'assignee:ada', value: /./, says: 'a name, or none' },
  agent: { example: 'agent:claude', value: /./, says: 'a name, or none' },
  parent: { example: 'parent:fg-a3f8', value: /./, says: 'the id of a task, or none' },
} as const;
export type QueryKey = keyof typeof queryKeys;

const part = /(?:[^\s"]|"[^"]*"?)+/g;
const condition = /^(-?)([a-z]+)(<=|>=|[:=<>])(.*)$/i;

/**
 * `status:open label:ui -label:later priority<=1 assignee:ada some words`. A minus turns a condition around; what has
 * spaces goes in quotes. Throws `usage.invalid` for a condition that does not exist.
 */
export function parseTaskQuery(text: string): TaskQuery {
  const query: TaskQuery = { conditions: [], words: '' };
  const words: string[] = [];
  for (const [typed] of text.matchAll(part)) {
    const [, minus, name = '', sign = '', given = ''] = condition.exec(typed) ?? [];
    const key = name.toLowerCase();
    if (minus === undefined || given.startsWith('//')) words.push(typed);
    else query.conditions.push(conditionOf(typed, key, sign, given.replaceAll('"', ''), minus === '-'));
  }
  query.words = words.join(' ');
  return query;
}

function conditionOf(typed: string, key: string, sign: string, value: string, isNot: boolean): TaskCondition {
  if (!Object.hasOwn(queryKeys, key)) {
    const examples = Object.values(queryKeys).map(({ example }) => example);
    throw new ForgeError('usage.invalid', `${typed} asks for what a task does not have.`, {
      next: `There are: ${examples.join(', ')}. Text with a colon goes in quotes.`,
    });
  }
  const known = queryKeys[key as QueryKey];
  const compare = (sign === ':' ? '=' : sign) as Compare;
  if (!known.value.test(value) || (compare !== '=' && key !== 'priority')) {
    throw new ForgeError('usage.invalid', `${typed}: the value is ${known.says}.`, {
      next: `For example: forge task list --where '${known.example}'`,
    });
  }
  return { key: key as QueryKey, compare, value, isNot };
}
