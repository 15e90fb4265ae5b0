import { quickWidth } from './quick-width.ts';

interface Options {
  ambiguousIsNarrow?: boolean;
  countAnsiEscapeCodes?: boolean;
}
type StringWidth = (text: string, options?: Options) => number;

// The bundler's own `require`: what it names is in the bundle, and is evaluated at the first call.
declare const require: (name: string) => { default: StringWidth };
let full: StringWidth | undefined;

/** Stands in for `string-width` in the bundle, for Ink too: the same widths, and nothing to wait for where they are plain. */
export default function stringWidth(text: string, options?: Options): number {
  const isAsEver = options === undefined || (options.ambiguousIsNarrow !== false && !text.includes('\x1b'));
  const quick = isAsEver ? quickWidth(text) : null;
  if (quick !== null) return quick;
  full ??= require('string-width').default;
  return full(text, options);
}
