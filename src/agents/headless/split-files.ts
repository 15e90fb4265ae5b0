import { statSync } from 'node:fs';
import { splitPictures } from '../../domain/prompt-pictures.ts';

/** The pictures that a prompt begins with, as paths that can be opened, and its words; all of it is words when one is not there. */
export function splitFiles(prompt: string): { files: string[]; words: string } {
  const { paths, words } = splitPictures(prompt);
  const files = paths.map((path) => path.replace(/\\(.)/g, '$1'));
  const isThere = (file: string) => statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
  return files.every(isThere) ? { files, words } : { files: [], words: prompt };
}
