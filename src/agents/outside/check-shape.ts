import { ruleStates } from '../../domain/status.ts';

type Kind = 'text' | 'yes or no' | 'a function' | 'an object' | 'a list' | 'text or null' | 'a regular expression';

const kinds: Record<Kind, (value: unknown) => boolean> = {
  text: (value) => typeof value === 'string',
  'yes or no': (value) => typeof value === 'boolean',
  'a function': (value) => typeof value === 'function',
  'an object': (value) => typeof value === 'object' && value !== null,
  'a list': Array.isArray,
  'text or null': (value) => value === null || typeof value === 'string',
  'a regular expression': isPattern,
};

const fields: readonly { field: string; kind: Kind; isOptional?: true }[] = [
  { field: 'summary', kind: 'text' },
  { field: 'endsByItself', kind: 'yes or no' },
  { field: 'abilities', kind: 'an object' },
  { field: 'leavesOut', kind: 'text', isOptional: true },
  { field: 'isolation', kind: 'an object', isOptional: true },
  { field: 'interruptKeys', kind: 'text or null' },
  { field: 'screenRules', kind: 'a list' },
  { field: 'titleRules', kind: 'a list', isOptional: true },
  { field: 'inputMark', kind: 'a regular expression', isOptional: true },
  { field: 'inputHint', kind: 'a regular expression', isOptional: true },
  { field: 'attachesPictures', kind: 'yes or no', isOptional: true },
  { field: 'mentionFile', kind: 'a function', isOptional: true },
  { field: 'find', kind: 'a function' },
  { field: 'launch', kind: 'a function' },
  { field: 'holdsConversation', kind: 'a function', isOptional: true },
  { field: 'follow', kind: 'a function', isOptional: true },
];

const abilities = ['canResume', 'canFork', 'tellsTokens', 'tellsMoney', 'tellsPrompts'];

/** Why a value from outside is no adapter, in words; null: it is one. */
export function adapterProblem(value: unknown): string | null {
  if (!isObject(value)) return 'its default export is no adapter, nor a function that makes one';
  for (const { field, kind, isOptional } of fields)
    if (!(isOptional && value[field] === undefined) && !kinds[kind](value[field])) return `its ${field} is not ${kind}`;
  const missing = abilities.find(
    (ability) => typeof (value.abilities as Record<string, unknown>)[ability] !== 'boolean',
  );
  if (missing) return `its abilities.${missing} is not yes or no`;
  for (const rule of [...(value.screenRules as unknown[]), ...((value.titleRules ?? []) as unknown[])])
    if (!isRule(rule)) return `a rule needs a name, a state, a reason, and lines or a pattern: ${JSON.stringify(rule)}`;
  return null;
}

function isRule(rule: unknown): boolean {
  if (!isObject(rule) || typeof rule.name !== 'string' || typeof rule.reason !== 'string') return false;
  if (!ruleStates.some((state) => state === rule.state)) return false;
  if (rule.untilTime !== undefined && !isPattern(rule.untilTime)) return false;
  return isPattern(rule.pattern) || (Array.isArray(rule.lines) && rule.lines.length > 0 && rule.lines.every(isPattern));
}

function isPattern(value: unknown): boolean {
  return value instanceof RegExp;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
