import { join } from 'node:path';
import { ForgeError } from '../../base/errors.ts';
import { gitBytes } from '../git-bytes.ts';
import { type GitCall, GitFailure } from '../run-git.ts';
import { withoutLeftover } from './leftover-lock.ts';

const place = /^refs\/forge\/[a-z0-9-]+(\/[a-z0-9-]+)*$/;

/** False: the ref is there already, with another commit. */
export async function makeRef(call: GitCall, commonDir: string, ref: string, commit: string): Promise<boolean> {
  checkPlace(ref);
  try {
    const create = `create ${ref}\0${commit}\0`;
    await withoutLeftover([join(commonDir, `${ref}.lock`)], () =>
      gitBytes(call, ['update-ref', '--stdin', '-z'], create),
    );
    return true;
  } catch (failure) {
    if (!(failure instanceof GitFailure) || !/already exists/.test(failure.message)) throw failure;
    return (await refsBelow(call, ref)).get(ref) === commit;
  }
}

/** Refs at or below `prefix`, with their commits. */
export async function refsBelow(call: GitCall, prefix: string): Promise<Map<string, string>> {
  checkPlace(prefix);
  const format = '--format=%(refname) %(objectname)';
  const listed = (await gitBytes(call, ['for-each-ref', format, '--', prefix])).toString();
  const lines = listed.split('\n').filter(Boolean);
  return new Map(lines.map((line) => line.split(' ') as [string, string]));
}

/** Those that are gone already are no failure. */
export async function removeRefs(call: GitCall, commonDir: string, refs: readonly string[]): Promise<void> {
  if (refs.length === 0) return;
  for (const ref of refs) checkPlace(ref);
  const locks = refs.map((ref) => join(commonDir, `${ref}.lock`));
  const deletes = refs.map((ref) => `delete ${ref}\0\0`).join('');
  await withoutLeftover([...locks, join(commonDir, 'packed-refs.lock')], () =>
    gitBytes(call, ['update-ref', '--stdin', '-z'], deletes),
  );
}

function checkPlace(ref: string): void {
  if (!place.test(ref)) throw new ForgeError('git.failed', `${ref} is not a place where Forge keeps work`);
}
