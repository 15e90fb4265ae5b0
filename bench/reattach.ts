import { attachAll } from './attach-all.ts';
import { type Figure, noFigure } from './figure.ts';
import { fillOurs, fillTheirs, fullSessions, lastMark } from './full-sessions.ts';
import { repetitions } from './options.ts';
import { openTerminal } from './outer-terminal.ts';
import { forge, ThrowAwayWorld } from './throw-away-world.ts';
import { hasTmux, TmuxServer } from './tmux-server.ts';

const times = repetitions(11, 4);
const drawnMs = 30_000;

/** Coming back to fifty sessions with long histories: the time until every pane of them shows its last line. */
export async function measure(): Promise<Figure[]> {
  const name = `reattach to ${fullSessions} sessions, first complete frame`;
  const peer = `tmux attach, ${fullSessions} tiled panes`;
  if (!hasTmux()) return [noFigure(name, peer, 'tmux is not on this machine: no figure without its peer')];
  const world = await ThrowAwayWorld.make();
  const tmux = new TmuxServer(world);
  const host = await world.host();
  try {
    await fillOurs(world, host);
    const attach = await fillTheirs(world, tmux, true);
    const goals = { atLeast: '500 ms', aim: '100 ms' };
    const whole: Figure = { name: `${name}, from the start of the program`, peer, ours: [], theirs: [], ...goals };
    // The first gives the sessions the sizes of their panes.
    await timeToDrawn([...forge, 'tui'], world);
    for (let n = 0; n < times; n++) {
      const ours = await timeToDrawn([...forge, 'tui'], world);
      const theirs = await timeToDrawn(attach, world);
      if (ours === null || theirs === null) {
        whole.note = `${ours === null ? 'forge' : 'tmux'}: not every pane was drawn within ${drawnMs / 1000} s`;
        break;
      }
      whole.ours.push(ours);
      whole.theirs.push(theirs);
    }
    const connected = await attachAll(world.env.FORGE_HOME, times);
    const part = { ...whole, name: `${name}, from connecting`, ours: connected, note: undefined, ...goals };
    return [
      whole,
      { ...part, beside: 'a client in this process: connect, attach to all, compose and paint one frame' },
    ];
  } finally {
    host.dispose();
    await world.dispose();
  }
}

async function timeToDrawn(command: string[], world: ThrowAwayWorld): Promise<number | null> {
  const startedAt = performance.now();
  const terminal = openTerminal(command, { cwd: world.repository, env: world.env });
  try {
    const marks = Array.from({ length: fullSessions }, (_, n) => lastMark(n));
    const at = await terminal.sees(marks, drawnMs);
    return at === null ? null : at - startedAt;
  } finally {
    await terminal.close();
  }
}
