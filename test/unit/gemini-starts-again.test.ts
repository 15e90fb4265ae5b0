import { execFile } from 'node:child_process';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commandToBegin, nextConversation } from '../../src/agents/gemini/start-again.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Ends with each of these in turn, and notes how it was started. */
const program = `#!/bin/sh
printf '%s\\n' "$*" >> "$NOTES"
set -- $ENDS
shift $(($(wc -l < "$NOTES") - 1))
exit $1
`;

const id = '11111111-2222-5333-8444-555555555555';
const next = nextConversation(id);
const [begun, resumed] = [`--yolo --session-id ${id}`, `--yolo --resume ${id}`];
const first = '--prompt-interactive=-bake "bread"';
const goOn = expect.stringMatching(new RegExp(`^${resumed} --prompt-interactive=Your program was started anew`));

test.each([
  { says: 'it ends well', ends: '0', starts: [`${begun} ${first}`], status: 0 },
  { says: 'it ends badly', ends: '1', starts: [`${begun} ${first}`], status: 1 },
  { says: 'it has begun that conversation already', ends: '42 0', starts: [`${begun} ${first}`, goOn], status: 0 },
  {
    says: 'and nothing was said in it',
    ends: '42 42 7',
    starts: [`${begun} ${first}`, goOn, `--yolo --session-id ${next} ${first}`],
    status: 7,
  },
  { says: 'it has no prompt', prompt: '', ends: '42 0', starts: [begun, resumed], status: 0 },
])('Gemini CLI when $says', async ({ prompt = '-bake "bread"', ends, starts, status }) => {
  const folder = temporaryFolder();
  const [path, notes] = [join(folder, 'gemini'), join(folder, 'notes')];
  await writeFile(path, program);
  await chmod(path, 0o755);
  const [shell, ...args] = commandToBegin([path, '--yolo'], id, prompt);
  const env = { PATH: '/usr/bin:/bin', NOTES: notes, ENDS: ends };
  const ended = await new Promise((resolve) => {
    execFile(shell as string, args, { env }, (failure) => resolve(failure?.code ?? 0));
  });
  expect((await readFile(notes, 'utf8')).trimEnd().split('\n')).toEqual(starts);
  expect(ended).toBe(status);
});
