import { readFile } from 'node:fs/promises';
import { type JsonObject, objectOf, objectsOf, parseLine } from '../json-line.ts';
import { contentText } from './content-text.ts';

/** What stands for the person and is nothing that a person said: surroundings, and commands of the program. */
const notSaid = /^\s*(?:[/?]|<session_context>|<hook_context>|$)/;

/** Whether something was said in the conversation of this file. Gemini CLI does not go on with any other. */
export async function holdsWords(path: string): Promise<boolean> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.split('\n').some((line) => {
    const record = parseLine(line) ?? {};
    return [record, ...objectsOf(objectOf(record.$set).messages)].some(isSaid);
  });
}

function isSaid({ type, content }: JsonObject): boolean {
  if (type === 'gemini') return true;
  return type === 'user' && !notSaid.test(contentText(content) ?? '');
}
