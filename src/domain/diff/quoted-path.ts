const letters: Record<string, number> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13, '"': 34, '\\': 92 };

/** A path as git writes it: in C's quotes when it holds a quote, a backslash, a control or a byte beyond ASCII. */
export function unquotePath(written: string): string {
  if (!written.startsWith('"')) return written;
  const end = written.endsWith('"') && written.length > 1 ? -1 : undefined;
  const parts = written.slice(1, end).matchAll(/\\([0-7]{3})|\\(.)|[^\\]+/gs);
  const bytes = [...parts].map(([text, octal, letter]) => {
    if (octal !== undefined) return Buffer.from([Number.parseInt(octal, 8) & 0xff]);
    return letter === undefined ? Buffer.from(text) : Buffer.from([letters[letter] ?? letter.charCodeAt(0)]);
  });
  return Buffer.concat(bytes).toString('utf8');
}

/** The path of `diff --git a/PATH b/PATH`, which stands there twice; null: it is not the same one. */
export function pathOfHeader(rest: string): string | null {
  const half = (rest.length - 1) / 2;
  const [first, second] = [rest.slice(0, half), rest.slice(half + 1)].map(unquotePath);
  const path = first?.slice(2);
  return path !== undefined && path === second?.slice(2) ? path : null;
}
