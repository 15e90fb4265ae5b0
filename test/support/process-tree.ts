import { readdirSync, readFileSync } from 'node:fs';

/** A process and its children, however deep, the parents first. */
export function treeOf(root: number): number[] {
  const parents = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => {
        const fields = statOf(Number(name));
        return fields === null ? [] : [[Number(name), Number(fields[1])] as const];
      }),
  );
  const tree = [root];
  for (const pid of tree) tree.push(...[...parents].filter(([, parent]) => parent === pid).map(([child]) => child));
  return tree;
}

/** Ends what has this folder in its environment or arguments, as all programs of a test's world. Elsewhere than on Linux nothing. */
export function endAllOf(folder: string): void {
  if (process.platform !== 'linux') return;
  for (const name of readdirSync('/proc').filter((each) => /^\d+$/.test(each))) {
    try {
      const told = ['environ', 'cmdline'].map((file) => readFileSync(`/proc/${name}/${file}`, 'utf8'));
      if (told.some((text) => text.includes(folder))) process.kill(Number(name), 'SIGKILL');
    } catch {
      // It has ended meanwhile, or is somebody else's.
    }
  }
}

export function isAlive(pid: number): boolean {
  const state = statOf(pid)?.[0];
  return state !== undefined && state !== 'Z' && state !== 'X';
}

/** From the state on; null: there is no such process. */
function statOf(pid: number): string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}
