import { type JsonObject, objectOf } from '../json-line.ts';

/** Fields of a tool's input that say the most, in this order. */
const telling = [
  'command',
  'file_path',
  'filePath',
  'absolute_path',
  'path',
  'pattern',
  'query',
  'url',
  'prompt',
  'description',
];
/** Longest description, in characters. */
const lengthMax = 300;

/** What a tool is used for, in one line: its name and the field of its input that says the most. */
export function describeTool(name: string, input: unknown): string {
  const said = wordOf(objectOf(input)).replace(/\s+/g, ' ').trim();
  const text = said === '' ? name : `${name}: ${said}`;
  return text.length > lengthMax ? `${text.slice(0, lengthMax - 1)}…` : text;
}

function wordOf(fields: JsonObject): string {
  const found = telling.map((field) => fields[field]).find((value) => typeof value === 'string' && value !== '');
  if (typeof found === 'string') return found;
  return Object.keys(fields).length === 0 ? '' : JSON.stringify(fields);
}
