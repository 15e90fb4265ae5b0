import type { z } from 'zod';
import { nearestWord } from '../base/nearest-word.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** What is wrong with one value, in words, and the path that should be pointed at. */
export interface Explained {
  path: Path;
  /** True to point at the key rather than at its value. */
  isKey: boolean;
  message: string;
}

/** `shape` has the schemas of what may stand in the file, by key; `keyIs`: what a key there is to a person. */
export function explainIssue(issue: Issue, shape: Readonly<Record<string, unknown>>, keyIs = 'a setting'): Explained {
  if (issue.code === 'unrecognized_keys') return explainUnknownKey(issue.path, issue.keys[0], shape, keyIs);
  if (issue.code === 'invalid_key') {
    return {
      path: issue.path,
      isKey: true,
      message: `${dotted(issue.path)}: expected ${issue.issues[0]?.message ?? 'a name'}`,
    };
  }
  return {
    path: issue.path,
    isKey: false,
    message: `${dotted(issue.path) || 'the file'}: expected ${expectation(issue)}`,
  };
}

export function didYouMean(word: string, words: Iterable<string>): string {
  const nearest = nearestWord(word, words);
  return nearest === null ? '' : ` Did you mean ${nearest}?`;
}

function dotted(path: Path): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
}

function explainUnknownKey(
  parent: Path,
  key: string,
  all: Readonly<Record<string, unknown>>,
  keyIs: string,
): Explained {
  const known = keysAt(parent, all);
  const hint = didYouMean(key, known) || (known.length > 0 ? ` Known here: ${known.join(', ')}.` : '');
  const path = [...parent, key];
  return { path, isKey: true, message: `${dotted(path)} is not ${keyIs}.${hint}` };
}

function expectation(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `${typeWords[issue.expected] ?? issue.expected}, found ${found(issue.input)}`;
    case 'invalid_value': {
      const values = issue.values.map(String);
      return `one of ${values.join(', ')}, found ${found(issue.input)}.${didYouMean(String(issue.input), values)}`;
    }
    case 'invalid_format':
      return `${issue.message}, found ${found(issue.input)}`;
    case 'too_small':
      return issue.message.startsWith('Too small')
        ? `${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}`
        : issue.message;
    case 'too_big':
      return `${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}`;
    default:
      return issue.message;
  }
}

const typeWords: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  array: 'a list',
  object: 'a map',
  record: 'a map',
  boolean: 'true or false',
};

function found(input: unknown): string {
  if (input === undefined) return 'nothing';
  if (input === null) return 'null';
  if (Array.isArray(input)) return 'a list';
  if (typeof input === 'object') return 'a map';
  const text = JSON.stringify(input);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** The keys that may stand inside `parent`, by walking the schemas. */
function keysAt(parent: Path, all: Readonly<Record<string, unknown>>): string[] {
  let shape: Record<string, unknown> | null = { ...all };
  let schema: unknown = null;
  for (const part of parent) {
    schema = typeof part === 'number' || shape === null ? unwrap(valueSchema(schema)) : unwrap(shape[String(part)]);
    shape = shapeOf(schema);
  }
  return shape === null ? [] : Object.keys(shape);
}

interface AnySchema {
  def?: { innerType?: unknown; valueType?: unknown; element?: unknown };
  shape?: Record<string, unknown>;
}

function unwrap(schema: unknown): unknown {
  let current = schema as AnySchema | undefined;
  while (current?.def?.innerType) current = current.def.innerType as AnySchema;
  return current;
}

function valueSchema(schema: unknown): unknown {
  const def = (schema as AnySchema | null)?.def;
  return def?.valueType ?? def?.element;
}

function shapeOf(schema: unknown): Record<string, unknown> | null {
  return (schema as AnySchema | undefined)?.shape ?? null;
}
