import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { endTree, startTimeOf } from '../../src/processes/end-tree.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

function startProgram(session: string, cwd: string) {
  const program = spawn('sleep', ['1000'], { cwd, detached: true, stdio: 'ignore' });
  onTestFinished(() => void program.kill('SIGKILL'));
  const pid = program.pid as number;
  return { program, end: () => endTree(pid, 3_000, { session, cwd, startTime: startTimeOf(pid) }) };
}

test('a program that was started since processes were last looked at is ended too', async () => {
  const cwd = temporaryFolder();
  for (let n = 0; n < 5; n++) {
    const first = startProgram(`first-${n}`, cwd);
    await first.end();
    const second = startProgram(`second-${n}`, cwd);
    const ended = once(second.program, 'exit');
    await second.end();
    second.program.kill('SIGKILL');
    expect(await ended).toEqual([null, 'SIGTERM']);
  }
});
