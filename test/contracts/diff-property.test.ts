import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { FileDiff } from '../../src/domain/diff/file-diff.ts';
import { parseDiff } from '../../src/domain/diff/parse-diff.ts';
import { openGit } from '../../src/git/open-git.ts';
import { gitTestEnvironment as environment, git, makeRepository } from '../support/git-repository.ts';
import { seededRandom } from '../support/random.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const rounds = Number(process.env.FORGE_DIFFS ?? 12);
const firstSeed = Number(process.env.FORGE_SEED ?? 1);

const names = ['a', 'aa b/c d', 'é/ü', 'tab\tx', 'quo"te', 'back\\slash', 'line\nfeed', 'x b/x', '-f', 'a b', '.dot'];
/** Lines that look like those of a diff, and others that are hard to read. */
const texts = [
  ...[
    '',
    'one',
    '\ttabbed\t',
    '--- a/a',
    '+++ b/a',
    '-- a',
    '@@ -1 +1 @@',
    'diff --git a/a b/a',
    '\\ No newline at end of file',
  ],
  ...['carriage\r', '漢字', 'é', ' ', '… cut after 1 bytes', '\u001b[31mred', 'x'.repeat(3_000), '"', 'rename from a'],
];

test.each(Array.from({ length: rounds }, (_, round) => firstSeed + round))(
  'the new files can be made of the old ones and what was read of the diff of git (seed %i)',
  async (seed) => {
    const random = seededRandom(seed);
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
    const textOf = () => {
      const lines = Array.from({ length: Math.floor(random() * 30) }, () => pick(texts));
      return lines.join('\n') + (random() < 0.7 ? '\n' : '');
    };
    const before = new Map(names.filter(() => random() < 0.7).map((name) => [name, textOf()]));
    before.set('a', `${textOf()}\nlast`);
    const root = makeRepository(join(temporaryFolder(), 'repo'), Object.fromEntries(before));
    const after = new Map(before);
    for (const name of names) {
      const text = after.get(name);
      const what = pick(['edit', 'edit', 'remove', 'move', 'mode', 'binary', 'new', 'nothing']);
      if (text !== undefined && what === 'edit') {
        const lines = text.split('\n');
        for (let edits = 0; edits < 3; edits++)
          lines.splice(Math.floor(random() * lines.length), Math.floor(random() * 3), pick(texts), pick(texts));
        after.set(name, lines.join('\n'));
      } else if (text !== undefined && what === 'remove') after.delete(name);
      else if (text !== undefined && what === 'move') {
        after.delete(name);
        after.set(`${name}.moved`, text);
      } else if (text === undefined && what === 'new') after.set(name, textOf());
      else if (what === 'binary') after.set(name, `\0${seed}`);
      else if (text !== undefined && what === 'mode') chmodSync(join(root, name), 0o755);
    }
    for (const name of before.keys()) {
      if (after.has(`${name}.moved`) && !after.has(name)) renameSync(join(root, name), join(root, `${name}.moved`));
      else if (!after.has(name)) rmSync(join(root, name));
    }
    for (const [name, text] of after) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), text);
    }

    const opened = await openGit({ root, worktreesDirectory: join(root, '../worktrees'), environment });
    const worktree = { path: root, branch: '', base: 'HEAD' };
    const { files, isCut } = parseDiff(await opened.diff(worktree));
    const stat = await opened.diffStat(worktree);
    expect(isCut).toBe(false);
    expect(
      files.map(({ path, isBinary, added, removed }) => ({
        path,
        ...(isBinary ? { added: -1, removed: -1 } : { added, removed }),
      })),
    ).toEqual(stat.files);

    const rebuilt = new Map(before);
    for (const file of files) if (file.change === 'removed' || file.change === 'renamed') rebuilt.delete(file.oldPath);
    for (const file of files.filter(({ change }) => change !== 'removed'))
      rebuilt.set(
        file.path,
        file.isBinary ? (after.get(file.path) ?? '') : newText(file, before.get(file.oldPath) ?? ''),
      );
    expect(Object.fromEntries(rebuilt)).toEqual(Object.fromEntries(after));
    for (const name of after.keys()) expect(readFileSync(join(root, name), 'utf8')).toBe(after.get(name));
    expect(git(root, 'status', '--short', '-uno')).toBeDefined();
  },
);

/** The old text with the hunks put in; the old lines of each must be what is there. */
function newText(file: FileDiff, before: string): string {
  const old = before.split('\n');
  const isEnded = old.at(-1) === '';
  if (isEnded) old.pop();
  const lines: string[] = [];
  let at = 0;
  let hasEnd = isEnded;
  for (const hunk of file.hunks) {
    const start = hunk.oldCount === 0 ? hunk.oldStart : hunk.oldStart - 1;
    lines.push(...old.slice(at, start));
    at = start;
    for (const line of hunk.lines) {
      if (line.old !== null) {
        expect(line.text).toBe(old[at]);
        expect(line.old).toBe(at + 1);
        at++;
      }
      if (line.new !== null) {
        lines.push(line.text);
        expect(line.new).toBe(lines.length);
        hasEnd = line.hasNewline;
      }
    }
    if (at < old.length) hasEnd = isEnded;
  }
  lines.push(...old.slice(at));
  return lines.join('\n') + (lines.length > 0 && hasEnd ? '\n' : '');
}
