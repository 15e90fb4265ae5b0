import { splitPictures } from '../../domain/prompt-pictures.ts';

/** Its introducer and the text between them are told apart by a program that knows pastes (DEC 2004). */
const pasteStart = '\x1b[200~';
const pasteEnd = '\x1b[201~';

/** C0 but tab and line feed, DEL, and C1: as keys they would do something, and the end of a paste would end it early. */
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** A text as it can be typed: line ends are line feeds, controls are left out, as are blank lines at either end. */
export function typableText(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(controls, '')
    .replace(/^(?:[ \t]*\n)+|\s+$/g, '');
}

/**
 * The keys that put a text into a program's input; `isPasteOn`: it takes a paste as one. Without it a tab would complete words.
 * `attachesPictures`: it takes a picture along whose path is a paste of its own.
 */
export function textKeys(text: string, isPasteOn: boolean, attachesPictures: boolean): string {
  if (!isPasteOn) return text.replaceAll('\t', ' ');
  const { paths, words } = splitPictures(text);
  const parts = attachesPictures ? [...paths, words] : [text];
  return parts.map((part) => `${pasteStart}${part}${pasteEnd}`).join('');
}
