import { askGitBytes, type GitCall } from './run-git.ts';

/** As `runGit`, with something to read for git, and with bytes as the answer. */
export async function gitBytes(call: GitCall, args: readonly string[], input?: Uint8Array | string): Promise<Buffer> {
  return (await askGitBytes(input === undefined ? call : { ...call, input }, args, [0])).printed;
}

/** A path as git printed it, byte by byte: nothing is lost of one that is not UTF-8. Only `pathBytes` makes it a path again. */
export type RawPath = string & { readonly __raw: 'path' };

export function rawPaths(listed: Buffer): RawPath[] {
  return listed.toString('latin1').split('\0').filter(Boolean) as RawPath[];
}

export function pathBytes(root: string, path: RawPath): Buffer {
  return Buffer.concat([Buffer.from(`${root}/`), Buffer.from(path, 'latin1')]);
}

/** For git to read with -z. */
export function asInput(paths: Iterable<RawPath>): Buffer {
  return Buffer.from([...paths].map((path) => `${path}\0`).join(''), 'latin1');
}

/** For a person. */
export function shownPath(path: RawPath): string {
  return Buffer.from(path, 'latin1').toString('utf8');
}
