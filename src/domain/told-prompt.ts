import { z } from 'zod';
import { behindPictures } from './prompt-pictures.ts';

/** How much of a prompt's beginning and end is kept, in letters: by both it is known again. */
const edgeMax = 64;
/** A text of fewer letters may be the beginning or end of another by chance. */
const partMin = 8;
/** Prompts that are kept: more are not taken between two looks. */
const keptMax = 16;

/** A prompt that a program says it has taken. `at` in ms since the epoch. */
export const toldPromptSchema = z.object({ key: z.string(), head: z.string(), tail: z.string(), at: z.number() });
export type ToldPrompt = z.infer<typeof toldPromptSchema>;

/** The newest prompts, the newest last; the same list when this one is known or too old. */
export function addToldPrompt(
  told: readonly ToldPrompt[],
  { key, text, at }: { key: string; text: string; at: number },
): readonly ToldPrompt[] {
  if (told.some((other) => other.key === key) || (told.length === keptMax && at < (told[0]?.at ?? 0))) return told;
  return [...told, { key, ...edgesOf(text), at }].sort((one, other) => one.at - other.at).slice(-keptMax);
}

/**
 * Whether it is this text, as far as programs write down what they were given: blanks and line ends may differ, pictures that it begins
 * with may be left out, and words that stood in the input before it, or what is in a file that it names, may be with it.
 */
export function isToldOf({ head, tail }: ToldPrompt, text: string): boolean {
  const words = behindPictures(text);
  if ([text, words].map(edgesOf).some((edges) => head === edges.head && tail === edges.tail)) return true;
  const edges = edgesOf(words);
  return edges.tail.length >= partMin && (tail.endsWith(edges.tail) || head.startsWith(edges.head));
}

function edgesOf(text: string): { head: string; tail: string } {
  const letters = Array.from(text.replace(/[^\p{L}\p{N}]/gu, '') || text.replace(/\s/g, ''));
  return { head: letters.slice(0, edgeMax).join(''), tail: letters.slice(-edgeMax).join('') };
}
