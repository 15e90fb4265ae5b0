import { expect, test } from 'vitest';
import type { Task } from '../../src/domain/task.ts';
import { mergeTaskFiles } from '../../src/store/merge-task-files.ts';
import { seededRandom } from '../support/random.ts';

type Line = Partial<Task> & { id: string };
const file = (...lines: object[]) => lines.map((line) => `${JSON.stringify(line)}\n`).join('');
const task = (id: string, rest: Partial<Task> = {}): Line => ({ id, title: id, createdAt: 1, updatedAt: 1, ...rest });
const read = (text: string | null) =>
  (text ?? '')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line & { deletedAt?: number });

test('each side’s fields are taken, of both the newer; new tasks of both are there', () => {
  const merged = mergeTaskFiles(
    file(task('fg-a', { title: 'old', body: 'old', priority: 2 })),
    file(task('fg-a', { title: 'ours', body: 'old', priority: 0, updatedAt: 5 }), task('fg-b')),
    file(task('fg-a', { title: 'old', body: 'theirs', priority: 1, updatedAt: 6 }), task('fg-c')),
  );
  expect(read(merged)).toMatchObject([
    { id: 'fg-a', title: 'ours', body: 'theirs', priority: 1, updatedAt: 6 },
    { id: 'fg-b' },
    { id: 'fg-c' },
  ]);
});

test('only a tombstone that is newer removes a task; a line that is merely gone does not', () => {
  const base = file(task('fg-a'), task('fg-b'), task('fg-c'));
  const ours = file({ id: 'fg-a', deletedAt: 9 }, { id: 'fg-b', deletedAt: 9 });
  const theirs = file(task('fg-a'), task('fg-b', { title: 'edited', updatedAt: 10 }), task('fg-c'));
  expect(read(mergeTaskFiles(base, ours, theirs))).toMatchObject([
    { id: 'fg-a', deletedAt: 9 },
    { id: 'fg-b', title: 'edited' },
    { id: 'fg-c' },
  ]);
});

test('bad lines of both sides stay, and conflict markers are left to a person', () => {
  const merged = mergeTaskFiles('', `${file(task('fg-a'))}torn {\n`, `torn {\nother\n`);
  expect(merged?.split('\n').slice(1)).toEqual(['torn {', 'other', '']);
  expect(mergeTaskFiles('', '<<<<<<< HEAD\n', '')).toBe(null);
});

test.each(Array.from({ length: 50 }, (_, seed) => seed))('whatever two sides do, no task is lost (seed %i)', (seed) => {
  const random = seededRandom(seed);
  const pick = (below: number) => Math.floor(random() * below);
  const base = new Map(Array.from({ length: 12 }, (_, n) => [`fg-${n}`, task(`fg-${n}`)]));
  let now = 10;
  const side = (name: string) => {
    const lines = new Map<string, Line & { deletedAt?: number }>(base);
    for (let n = 0; n < 8; n++) {
      now += 1;
      const id = `fg-${pick(12)}`;
      const action = pick(4);
      if (action === 0) lines.set(`fg-${name}${n}`, task(`fg-${name}${n}`, { updatedAt: now }));
      else if (action === 1) lines.set(id, { id, deletedAt: now });
      else if (action === 2) lines.delete(id);
      else lines.set(id, { ...task(id), ...lines.get(id), [pick(2) === 0 ? 'title' : 'body']: name, updatedAt: now });
    }
    return lines;
  };
  const [ours, theirs] = [side('o'), side('t')];
  const merged = read(mergeTaskFiles(file(...base.values()), file(...ours.values()), file(...theirs.values())));
  const found = new Map(merged.map((line) => [line.id, line]));
  expect(found.size).toBe(merged.length);
  for (const [id, line] of [...ours, ...theirs]) {
    const other = ours.get(id) === line ? theirs.get(id) : ours.get(id);
    const isBuried = [line, other].some((each) => each?.deletedAt !== undefined);
    const there = found.get(id);
    expect(there, id).toBeDefined();
    if (!isBuried) expect(there?.deletedAt, id).toBeUndefined();
  }
  const again = mergeTaskFiles(file(...base.values()), file(...theirs.values()), file(...ours.values()));
  expect(read(again).map(({ id }) => id)).toEqual(merged.map(({ id }) => id));
});
