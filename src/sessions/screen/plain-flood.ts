const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const tab = 0x09;

/** A shorter write is no part of a flood. */
const floodBytesMin = 4_000;

/** How many lines end in `bytes`, if it is part of a flood of plain text: letters of ASCII, tabs and ends of lines. Null: it is not. */
export function plainLines(bytes: Uint8Array): number | null {
  if (bytes.length < floodBytesMin) return null;
  let lines = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (byte >= 0x20 && byte < 0x7f) continue;
    if (byte === lineFeed) lines += 1;
    else if (byte !== carriageReturn && byte !== tab) return null;
  }
  return lines;
}

/** Where the first end of a line is that also goes back to the first column: what follows does not depend on what was before. -1: none. */
export function firstLineEnd(bytes: Uint8Array): number {
  for (let at = bytes.indexOf(carriageReturn); at >= 0; at = bytes.indexOf(carriageReturn, at + 1)) {
    if (bytes[at + 1] === lineFeed) return at;
  }
  return -1;
}
