import { execFileSync } from 'node:child_process';
import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { followLines } from '../../src/agents/follow-file.ts';
import type { Disposable } from '../../src/base/disposable.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

let following: Disposable | null = null;
afterEach(() => following?.dispose());

function follow(path: string): string[] {
  const lines: string[] = [];
  following = followLines(
    async () => path,
    (line) => lines.push(line),
  );
  return lines;
}

const reaches = (lines: string[], wanted: string[]) =>
  until('the lines are told', () => lines.length >= wanted.length, { shown: () => JSON.stringify(lines) }).then(() =>
    expect(lines).toEqual(wanted),
  );

test('a file that is not there yet, grows by pieces of lines and of characters, and is replaced', async () => {
  const path = join(temporaryFolder(), 'log.jsonl');
  const lines = follow(path);
  const word = Buffer.from('{"a":"饼干"}\n');
  writeFileSync(path, Buffer.concat([Buffer.from('one\n\ntwo\nthr'), Buffer.alloc(0)]));
  await reaches(lines, ['one', 'two']);
  appendFileSync(path, Buffer.concat([Buffer.from('ee\n'), word.subarray(0, 7)]));
  await reaches(lines, ['one', 'two', 'three']);
  appendFileSync(path, word.subarray(7));
  await reaches(lines, ['one', 'two', 'three', '{"a":"饼干"}']);
  // As programs write that replace a file whole.
  writeFileSync(`${path}.new`, 'again\n');
  renameSync(`${path}.new`, path);
  await reaches(lines, ['one', 'two', 'three', '{"a":"饼干"}', 'again']);
});

test('a line without end is not kept, and the next one is told', async () => {
  const path = join(temporaryFolder(), 'log.jsonl');
  writeFileSync(path, `first\n${'x'.repeat(9_000_000)}`);
  const lines = follow(path);
  await reaches(lines, ['first']);
  appendFileSync(path, 'x\nlast\n');
  await reaches(lines, ['first', 'last']);
});

test('after its end nothing is told', async () => {
  const path = join(temporaryFolder(), 'log.jsonl');
  writeFileSync(path, 'one\n');
  const lines = follow(path);
  await reaches(lines, ['one']);
  following?.dispose();
  appendFileSync(path, 'two\n');
  const other = follow(path);
  await reaches(other, ['one', 'two']);
  expect(lines).toEqual(['one']);
});

test('a record that is a FIFO holds up nobody', async () => {
  const folder = temporaryFolder();
  // More than there are threads for files.
  const fifos = Array.from({ length: 9 }, (_, at) => join(folder, String(at)));
  execFileSync('/bin/sh', ['-c', 'mkfifo "$@"', 'sh', ...fifos]);
  const held = fifos.map((path) =>
    followLines(
      async () => path,
      () => {},
    ),
  );
  const lines = follow(join(folder, 'log.jsonl'));
  writeFileSync(join(folder, 'log.jsonl'), 'one\n');
  await reaches(lines, ['one']);
  for (const one of held) one.dispose();
});
