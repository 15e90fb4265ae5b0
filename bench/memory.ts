import { type Figure, noFigure } from './figure.ts';
import { fillOurs, fillTheirs, firstMark, fullSessions, lastMark, linesEach } from './full-sessions.ts';
import { forgeProcesses, memoryMb } from './processes.ts';
import { ThrowAwayWorld } from './throw-away-world.ts';
import { hasTmux, TmuxServer } from './tmux-server.ts';

/** What fifty sessions with long histories take of memory. Linux only. */
export async function measure(): Promise<Figure[]> {
  const name = `memory of the host (MB), ${fullSessions} sessions, ${linesEach} lines each`;
  const peer = `tmux, history-limit ${linesEach}`;
  if (!hasTmux()) return [noFigure(name, peer, 'tmux is not on this machine: no figure without its peer')];
  const world = await ThrowAwayWorld.make();
  const tmux = new TmuxServer(world);
  const host = await world.host();
  try {
    const hostPid = forgeProcesses(world).find(({ role }) => role === 'host')?.pid;
    if (hostPid === undefined) return [noFigure(name, peer, 'this machine has no /proc')];
    const server = tmux.start(linesEach);
    const before = [memoryMb(hostPid).rss, memoryMb(server).rss];
    await fillOurs(world, host);
    await fillTheirs(world, tmux, false);
    const [ours, theirs] = [memoryMb(hostPid).rss, memoryMb(server).rss];
    const keepers = forgeProcesses(world).filter(({ role }) => role === 'keeper');
    const keepersMb = keepers.reduce((sum, { pid }) => sum + memoryMb(pid).pss, 0);
    const empty = `empty: forge ${before[0].toFixed(1)}, tmux ${before[1].toFixed(1)}`;
    const beside = `${keepers.length} processes that hold terminals: ${keepersMb.toFixed(1)} MB together (PSS); ${empty}; ${await searchable(world)}`;
    return [{ name, peer, ours: [ours], theirs: [theirs], beside, atLeast: '4 x', aim: '1.5 x' }];
  } finally {
    host.dispose();
    await world.dispose();
  }
}

/** Whether the oldest line and the newest of every session can still be found, in words. */
async function searchable(world: ThrowAwayWorld): Promise<string> {
  let whole = 0;
  for (let n = 0; n < fullSessions; n++) {
    const lines = await world.forge('session', 'logs', `full.${n}`).catch(() => null);
    if (lines === null) return 'its history cannot be asked for: not checked';
    if (lines.includes(firstMark(n)) && lines.includes(lastMark(n))) whole++;
  }
  return `${whole} of ${fullSessions} sessions have their first line and their last in \`forge session logs\``;
}
