import { expect, test } from 'vitest';
import type { ForgeCli } from '../../src/cli/forge-cli.ts';
import { routes } from '../../src/cli/program.ts';
import { runProgram } from '../../src/cli/run-program.ts';

test.each([
  ['dispatch a b c', 'forge: Too many arguments, expected 2 but encountered "c".\nSee: forge dispatch --help'],
  ['batch create', 'See: forge batch create --help'],
  ['task edit', 'forge: Name one task, or say which with --where.\nSee: forge task edit --help'],
  ['taks', 'forge: There is no command taks.\nDid you mean: task?'],
  ['xyzzyplugh', 'forge: There is no command xyzzyplugh.\nSee: forge --help'],
])('forge %s: what is wrong, and the help of that command', async (line, words) => {
  const said: string[] = [];
  const stream = { write: (text: string) => void said.push(text) };
  const forge = { version: '1.2.3', edit: null } as unknown as ForgeCli;
  expect(await runProgram(line.split(' '), forge, routes, { stdout: stream, stderr: stream }, {})).toBe(2);
  expect(said.join('')).toContain(words);
});
