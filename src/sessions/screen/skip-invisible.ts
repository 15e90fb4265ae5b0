import type { Print } from './internals.ts';

/**
 * Prints all but characters that nobody sees and that join nothing: they hide or reorder text, terminals give them no column (tmux
 * and xterm none of these), and the emulator's table of widths gives them one.
 */
export function skipInvisible(print: Print): Print {
  return (data, start, end) => {
    let from = start;
    for (let at = start; at < end; at++) {
      if (!isInvisible(data[at])) continue;
      if (at > from) print(data, from, at);
      from = at + 1;
    }
    if (end > from) print(data, from, end);
  };
}

/** Not the joiners, variation selectors and tags, of which emoji and some scripts are made. */
function isInvisible(code: number): boolean {
  if (code < 0x61c) return false;
  if (code < 0x2000) return code === 0x61c || code === 0x180e;
  if (code <= 0x206f) {
    return (
      code === 0x200b || code === 0x200e || code === 0x200f || (code >= 0x2028 && code <= 0x202e) || code >= 0x2060
    );
  }
  return code === 0xfeff || (code >= 0xfff9 && code <= 0xfffb) || code === 0xe0001;
}
