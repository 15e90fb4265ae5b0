import { stringBytesMax } from './clamp-filter.ts';

/** `c;<base64>`: which clipboards, none for the usual one, and the text; `?` asks for it. */
const copy = /^[cps0-7]*;([A-Za-z0-9+/]+={0,2})$/;

/** All that would act where the text is pasted, or is no text; lines and tabs stay. */
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;

/** The text of an OSC 52 that writes the clipboard; '' of any other, and of one so long that its end was dropped. */
export function copiedText(data: string): string {
  if (data.length >= stringBytesMax - '52;'.length) return '';
  const encoded = copy.exec(data)?.[1] ?? '';
  return Buffer.from(encoded, 'base64').toString('utf8').replace(controls, '');
}
