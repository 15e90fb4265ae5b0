import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SessionHost } from '../src/ports/session-host.ts';
import { forgeProcesses, untilIdle } from './processes.ts';
import { plainLine } from './sample-text.ts';
import type { ThrowAwayWorld } from './throw-away-world.ts';
import type { TmuxServer } from './tmux-server.ts';

export const fullSessions = 50;
export const linesEach = 10_000;
export const columns = 100;

/** The first line of session `n` and its last, by which it is known. */
export const firstMark = (n: number) => `FIRST@${String(n).padStart(2, '0')}@`;
export const lastMark = (n: number) => `LAST@${String(n).padStart(2, '0')}@`;

/** 50 sessions of Forge with 10,000 lines of 100 columns each, quiet now; with a pane each in the dashboard. */
export async function fillOurs(world: ThrowAwayWorld, host: SessionHost): Promise<void> {
  for (let n = 0; n < fullSessions; n++) {
    const options = { worker: `w${n}`, cols: columns, rows: 30 };
    await host.ensure(world.spec(`full.${n}`, ['sh', '-c', commandOf(world, n)], options));
  }
  await untilIdle(forgeProcesses(world).map(({ pid }) => pid));
}

/** The same in the panes of one window of tmux, or each in a session of its own. */
export async function fillTheirs(world: ThrowAwayWorld, tmux: TmuxServer, isTiled: boolean): Promise<string[]> {
  const server = tmux.start(linesEach);
  let attach: string[] = [];
  if (isTiled) attach = tmux.newSession('full', (n) => commandOf(world, n), fullSessions);
  else {
    for (let n = 0; n < fullSessions; n++) {
      tmux.newSession(`full${n}`, commandOf(world, n), 1, { cols: columns, rows: 30 });
    }
  }
  await untilIdle([server]);
  return attach;
}

const files = new WeakMap<ThrowAwayWorld, string>();

function commandOf(world: ThrowAwayWorld, n: number): string {
  let file = files.get(world);
  if (!file) {
    file = join(world.root, 'lines');
    const lines = Array.from({ length: linesEach - 2 }, () => plainLine(columns - 1, columns - 1));
    writeFileSync(file, `${lines.join('\n')}\n`);
    files.set(world, file);
  }
  return `echo ${firstMark(n)}; cat ${file}; echo ${lastMark(n)}; stty -echo; exec cat >/dev/null`;
}
