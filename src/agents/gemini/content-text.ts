import { objectsOf, textOf } from '../json-line.ts';

/** The words of a message's content, which is a text or a list of parts; '' when there is none, null when it is anything else. */
export function contentText(content: unknown): string | null {
  if (content === undefined || typeof content === 'string') return content ?? '';
  if (!Array.isArray(content)) return null;
  return objectsOf(content)
    .map(({ text }) => textOf(text))
    .join('');
}
