import { statSync } from 'node:fs';

/** What `read` makes of a file, made anew only when another one is in its place, or it was written to. */
export function readWhenChanged<T>(file: string, read: () => T): () => T {
  let known: { stamp: string; value: T } | null = null;
  return () => {
    const stamp = stampOf(file);
    if (known?.stamp !== stamp) known = { stamp, value: read() };
    return known.value;
  };
}

function stampOf(file: string): string {
  const stat = statSync(file, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? '' : [stat.ino, stat.size, stat.mtimeNs, stat.ctimeNs].join(':');
}
