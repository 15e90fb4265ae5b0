import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runNotifier } from '../../src/main/run-notifier.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

/** A program that writes down what it was called with, and by whom. */
function notifier() {
  const folder = temporaryFolder();
  const program = join(folder, 'notifier');
  const told = join(folder, 'told');
  writeFileSync(program, `#!/bin/sh\nprintf '%s\\n' "$#" "$@" "$WHO" > '${told}.new' && mv '${told}.new' '${told}'\n`);
  chmodSync(program, 0o755);
  const tells = () =>
    until('the program writes what it was told', () => existsSync(told) && readFileSync(told, 'utf8').split('\n'));
  return { folder, program, told, tells };
}

test('the command is told what there is to say, as one argument, whatever stands in it', async () => {
  const { folder, program, tells } = notifier();
  const text = `Bread: may I run "make all"? $(touch ${folder}/made) \`id\` $& {text} ; exit`;
  runNotifier([program, '--title', 'forge', 'says {text}!'], text, { PATH: process.env.PATH ?? '', WHO: 'ada' });
  expect(await tells()).toEqual(['3', '--title', 'forge', `says ${text}!`, 'ada', '']);
  expect(existsSync(join(folder, 'made'))).toBe(false);
});

test('without a command nothing runs, and one that is not there disturbs nobody', async () => {
  const { folder, program, tells } = notifier();
  runNotifier([], 'Bread', {});
  runNotifier([join(folder, 'missing'), '{text}'], 'Bread', {});
  runNotifier([program, '{text}'], 'Buns', { PATH: process.env.PATH ?? '', WHO: '' });
  expect((await tells()).slice(0, 2)).toEqual(['1', 'Buns']);
});
