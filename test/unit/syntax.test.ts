import { expect, onTestFinished, test } from 'vitest';
import type { DiffLine, FileDiff } from '../../src/domain/diff/file-diff.ts';
import { parseDiff } from '../../src/domain/diff/parse-diff.ts';
import { Syntax } from '../../src/ui/review/syntax.ts';
import { until } from '../support/until.ts';

const program = new URL('../../src/ui/review/highlight-worker.ts', import.meta.url);

function open() {
  let changes = 0;
  const syntax = new Syntax(program, () => changes++);
  onTestFinished(() => syntax.dispose());
  const colours = (file: FileDiff, line: DiffLine) =>
    syntax
      .spansOf(file, file.hunks[0] as FileDiff['hunks'][0], line)
      ?.map(({ from, to, scope }) => `${line.text.slice(from, to)}: ${scope}`);
  return { colours, changed: (times: number) => until(`${times} answers have come`, () => changes >= times) };
}

function fileOf(path: string, ...lines: string[]): FileDiff {
  const count = (sign: string) => lines.filter((line) => line[0] !== sign).length;
  const hunk = `@@ -1,${count('+')} +1,${count('-')} @@`;
  return parseDiff(`diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n${hunk}\n${lines.join('\n')}\n`)
    .files[0] as FileDiff;
}

const linesOf = (file: FileDiff) => file.hunks[0]?.lines ?? [];

test('colours come after the lines, and what began on a line before is known', async () => {
  const { colours, changed } = open();
  const file = fileOf('a.ts', ' /* one', ' two */', "-const a = 'x';", '+let b = 7;');
  const lines = linesOf(file);
  expect(colours(file, lines[0] as DiffLine)).toBeUndefined();
  await changed(1);
  expect(lines.map((line) => colours(file, line))).toEqual([
    ['/* one: comment'],
    ['two */: comment'],
    ['const: keyword', "'x': string"],
    ['let: keyword', '7: number'],
  ]);
});

test('a language that nobody knows has no colours', async () => {
  const { colours, changed } = open();
  const file = fileOf('a.nothing', '+const a = 1;');
  colours(file, linesOf(file)[0] as DiffLine);
  await changed(1);
  expect(colours(file, linesOf(file)[0] as DiffLine)).toBeUndefined();
});

test('a text that takes its language too long is left as it is, and others are coloured all the same', async () => {
  const { colours, changed } = open();
  // Eight of ten seconds are not waited for: the thread is ended.
  const hostile = fileOf('a.cs', ...Array.from({ length: 100 }, () => `+${'a'.repeat(499)}`));
  colours(hostile, linesOf(hostile)[0] as DiffLine);
  const usual = fileOf('a.py', '+def f(): pass');
  await changed(1);
  colours(usual, linesOf(usual)[0] as DiffLine);
  await changed(2);
  expect(colours(hostile, linesOf(hostile)[0] as DiffLine)).toBeUndefined();
  expect(colours(usual, linesOf(usual)[0] as DiffLine)).toContain('def: keyword');
});
