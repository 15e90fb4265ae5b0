import { type Document, isMap, isNode, isScalar, LineCounter, type ParsedNode, parseDocument } from 'yaml';
import type { z } from 'zod';
import { ForgeError } from '../base/errors.ts';
import { explainIssue } from './explain-issue.ts';
import { type ConfigLayer, layerSchema, options } from './options.ts';
import { readText } from './read-text.ts';

/** A YAML file, checked, which can say where a value stands. */
export interface CheckedFile<Values> {
  file: string;
  values: Values;
  /** `file:line:column` of the value at `path`, or of the nearest thing around it that the file has. */
  locate(path: readonly PropertyKey[], isKey?: boolean): string;
}

export type FileLayer = CheckedFile<ConfigLayer>;

/** Reads and checks a settings file; null when there is none. Throws `config.invalid` with the position. */
export function readLayer(file: string): FileLayer | null {
  return readChecked(file, layerSchema, options);
}

/** The same of any YAML file; `shape` has the schemas of its keys, to name the one that was meant. */
export function readChecked<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
  shape: Readonly<Record<string, unknown>>,
): CheckedFile<z.infer<Schema>> | null {
  const text = readText(file);
  return text === null ? null : checkYaml(file, text, schema, shape);
}

/** The same of a text that stands at the beginning of the file; `keyIs`: what one of its keys is to a person. */
export function checkYaml<Schema extends z.ZodType>(
  file: string,
  text: string,
  schema: Schema,
  shape: Readonly<Record<string, unknown>>,
  keyIs?: string,
): CheckedFile<z.infer<Schema>> {
  const lines = new LineCounter();
  const { document, data } = parseYaml(file, text, lines);
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const locate = (path: readonly PropertyKey[], isKey = false) => at(offsetOf(document, path, isKey));
  const parsed = schema.safeParse(data ?? {}, { reportInput: true });
  if (parsed.success) return { file, values: parsed.data, locate };
  const { path, isKey, message } = explainIssue(parsed.error.issues[0], shape, keyIs);
  throw new ForgeError('config.invalid', `${locate(path, isKey)}: ${message}`);
}

/** Parses YAML of any shape. Throws `config.invalid` with the position of the first syntax error. */
export function parseYaml(
  file: string,
  text: string,
  lineCounter = new LineCounter(),
): { document: Document.Parsed; data: unknown } {
  try {
    const document = parseDocument(text, { lineCounter, prettyErrors: false });
    const error = document.errors[0];
    if (error !== undefined) {
      const { line, col } = lineCounter.linePos(error.pos[0]);
      throw new ForgeError('config.invalid', `${file}:${line}:${col}: not valid YAML: ${error.message}`);
    }
    return { document, data: document.toJS() };
  } catch (failure) {
    if (failure instanceof ForgeError) throw failure;
    // Thrown for alias bombs and for nesting that is too deep; neither has a position.
    throw new ForgeError('config.invalid', `${file}:1:1: not valid YAML: ${(failure as Error).message}`, {
      cause: failure,
    });
  }
}

function offsetOf(document: Document.Parsed, path: readonly PropertyKey[], isKey: boolean): number {
  const parent = path.slice(0, -1);
  if (isKey) return keyOffset(nodeAt(document, parent), String(path.at(-1))) ?? offsetOf(document, parent, false);
  for (let length = path.length; length >= 0; length--) {
    const node = nodeAt(document, path.slice(0, length));
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}

function nodeAt(document: Document.Parsed, path: readonly PropertyKey[]): unknown {
  return path.length === 0 ? document.contents : document.getIn(path, true);
}

function keyOffset(map: unknown, key: string): number | null {
  if (!isMap<ParsedNode, ParsedNode>(map)) return null;
  const pair = map.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
  return pair?.key.range?.[0] ?? null;
}
