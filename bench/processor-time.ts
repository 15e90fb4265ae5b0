import { type Figure, noFigure } from './figure.ts';
import { Load } from './load.ts';
import { repetitions } from './options.ts';
import { openTerminal } from './outer-terminal.ts';
import { type ForgeProcess, forgeProcesses, processorMs } from './processes.ts';
import { forge, ThrowAwayWorld } from './throw-away-world.ts';
import { hasTmux, TmuxServer } from './tmux-server.ts';
import { echo, echoAgent } from './typist.ts';

const measuredMs = 10_000;
const times = repetitions(2, 1);
/** After the start, until caches are warm and the supervisor has looked at everything, in ms. */
const settleMs = 3_000;
const visible = 4;
const roles: ForgeProcess['role'][] = ['host', 'keeper', 'supervisor', 'face'];

/** Processor time in 10 s, in ms: of 4 quiet panes, and of 20 busy sessions with 4 of them shown. Linux only. */
export async function measure(): Promise<Figure[]> {
  if (!hasTmux())
    return [noFigure('processor time', 'tmux', 'tmux is not on this machine: no figure without its peer')];
  return [await quiet(), await busy()];
}

function quiet(): Promise<Figure> {
  return inWorld('processor ms in 10 s, 4 quiet panes', ['near zero', 'near zero'], async (world, tmux) => {
    const host = await world.host();
    for (let n = 0; n < visible; n++) await host.ensure(world.spec(`quiet.${n}`, echoAgent, { worker: `w${n}` }));
    host.dispose();
    return { attach: tmux.newSession('quiet', echo, visible), load: null };
  });
}

function busy(): Promise<Figure> {
  const bytesPerSecond = 1e5;
  return inWorld(
    'processor ms in 10 s, 20 busy sessions of 100 KB/s, 4 shown',
    ['10,000', '5,000'],
    async (world, tmux) => {
      const host = await world.host();
      const load = (name: string, start: (command: string[], n: number) => unknown) => Load.make(world, name, start);
      const shown = load('shown', (command, n) => host.ensure(world.spec(`shown.${n}`, command, { worker: `w${n}` })));
      const hidden = load('hidden', (command, n) => host.ensure(world.spec(`hidden.${n}`, command)));
      const theirCommands: string[] = [];
      const theirs = load('theirs', (command) => theirCommands.push(command.join(' ')));
      if (!shown || !hidden || !theirs) throw new Error('busy programs need a C compiler (cc)');
      await shown.grow(visible);
      await hidden.grow(16);
      host.dispose();
      const growing = theirs.grow(visible + 16);
      // The commands are known by now: `Load` waits only for the programs.
      await new Promise((resolve) => setImmediate(resolve));
      for (let n = visible; n < theirCommands.length; n++) tmux.newSession(`hidden${n}`, theirCommands[n]);
      const attach = tmux.newSession('shown', (n) => theirCommands[n], visible);
      await growing;
      return {
        attach,
        load: {
          ours: () => [shown, hidden].map((of) => start(of, bytesPerSecond)),
          theirs: () => [start(theirs, bytesPerSecond)],
        },
      };
    },
  );
}

const start = (load: Load, bytesPerSecond: number): Load => {
  load.go(bytesPerSecond);
  return load;
};

interface Prepared {
  attach: string[];
  load: Record<'ours' | 'theirs', () => Load[]> | null;
}

async function inWorld(
  name: string,
  [atLeast, aim]: [string, string],
  prepare: (world: ThrowAwayWorld, tmux: TmuxServer) => Promise<Prepared>,
): Promise<Figure> {
  const world = await ThrowAwayWorld.make();
  const tmux = new TmuxServer(world);
  const figure: Figure = { name, peer: 'tmux server', ours: [], theirs: [], atLeast, aim };
  const said: string[] = [];
  try {
    const server = tmux.start();
    const { attach, load } = await prepare(world, tmux);
    for (let n = 0; n < times; n++) {
      for (const side of ['ours', 'theirs'] as const) {
        const command = side === 'ours' ? [...forge, 'tui'] : attach;
        const terminal = openTerminal(command, { cwd: world.repository, env: world.env });
        const busy = load?.[side]() ?? [];
        try {
          await new Promise((resolve) => setTimeout(resolve, settleMs));
          const processes = side === 'ours' ? forgeProcesses(world) : [{ pid: server, role: 'host' as const }];
          const before = processes.map(({ pid }) => processorMs(pid));
          await new Promise((resolve) => setTimeout(resolve, measuredMs));
          const used = processes.map(({ pid, role }, at) => ({ role, ms: processorMs(pid) - before[at] }));
          figure[side].push(used.reduce((sum, { ms }) => sum + ms, 0));
          const ofRole = (wanted: string) =>
            used.filter(({ role }) => role === wanted).reduce((sum, { ms }) => sum + ms, 0);
          const parts = roles.map((role) => `${role === 'face' ? 'dashboard' : role} ${ofRole(role)}`).join(', ');
          if (side === 'ours') said.push(parts);
        } finally {
          for (const each of busy) {
            const { taken, wanted } = each.stop();
            said.push(`${side} ${(taken / 1e6).toFixed(2)} of ${(wanted / 1e6).toFixed(2)} MB/s`);
          }
          await terminal.close();
        }
      }
    }
    return { ...figure, beside: said.join('; ') };
  } catch (failure) {
    return noFigure(name, figure.peer, (failure as Error).message);
  } finally {
    await world.dispose();
  }
}
