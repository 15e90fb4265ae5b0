import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Run, RunEvent } from '../../src/domain/run.ts';
import { until } from '../support/until.ts';
import { World } from '../support/world.ts';

// An agent that goes round in circles; its program is a script that speaks stream-json.

const program = resolve(import.meta.dirname, '../support/stream-json-entry.ts');

let world: World;
beforeEach(async () => {
  world = new World();
  await world.forge('init', '--prefix', 'fg');
});
afterEach(() => world.dispose());

const log = () => join(world.root, 'log');

/** `circles`: how the program takes it to be stopped. */
function configure(circles: 'once' | 'always' | 'late', more: object = {}, fallback?: string): void {
  const script = world.write('../agents/round.sh', `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`, {
    isExecutable: true,
  });
  const agent = { adapter: 'claude-code-headless', command: [script], env: { CHAT_LOG: log(), CIRCLES: circles } };
  const agents = { round: { ...agent, fallback }, script: { adapter: 'command', command: ['true'] } };
  const workers = [{ name: 'ada', agent: 'round' }];
  world.write('.forge/config.yaml', JSON.stringify({ prefix: 'fg', agents, workers, ...more }));
}

type Shown = Run & { events: RunEvent[] };

async function dispatch(): Promise<string> {
  const { id } = await world.json<{ id: string }>('task', 'add', 'circle the oven');
  const { runs } = await world.json<{ runs: [Run] }>('dispatch', id);
  return runs[0].id;
}

function reaches(run: string, name: string, isThere: (shown: Shown) => boolean): Promise<Shown> {
  let shown: Shown;
  return until(
    `the run ${name}`,
    async () => {
      shown = await world.json<Shown>('run', 'show', run);
      return isThere(shown) && shown;
    },
    { timeoutMs: 60_000, shown: () => JSON.stringify(shown, null, 2) },
  );
}

const has = (shown: Shown, type: string) => shown.events.some((event) => event.type === type);
const stepsOf = ({ events }: Shown) =>
  events.flatMap(({ type, payload }) => (type === 'run.stuck' ? [payload.step] : []));

function prompts(): string[] {
  const lines = existsSync(log()) ? readFileSync(log(), 'utf8').trim().split('\n') : [];
  return lines.flatMap((line) => JSON.parse(line).prompt ?? []);
}

test('an agent in circles is stopped and told what was seen, once, though the supervisor is killed as it begins; its answer counts', async () => {
  configure('once');
  const run = await dispatch();
  await reaches(run, 'is stuck', (shown) => has(shown, 'run.stuck'));
  const { supervisor } = await world.json<{ supervisor: { pid: number } }>('host', 'status');
  process.kill(supervisor.pid, 'SIGKILL');
  const shown = await reaches(run, 'is answered', (now) => has(now, 'agent.answered'));
  expect(stepsOf(shown)).toEqual(['nudge']);
  expect(shown.status).toBe('working');
  expect(prompts()).toEqual([
    'circle the oven',
    expect.stringMatching(
      /^You seem to be stuck\. Bash .*ls oven.* was done \d+ times in a row, with the same result\./,
    ),
  ]);
});

test('one that goes on in circles is paused, not ended, and nothing is tried again blindly; let go on, its steps begin anew', async () => {
  configure('always');
  const run = await dispatch();
  const paused = await reaches(run, 'is paused', ({ status }) => status === 'paused');
  expect(stepsOf(paused)).toEqual(['nudge', 'ask']);
  expect(paused.reason).toMatch(/^It seems to be stuck: Bash .*ls oven.* forge resume /);
  const [session] = await world.json<{ id: string; state: string }[]>('session', 'list');
  expect(session).toMatchObject({ id: paused.session, state: 'idle' });
  await world.forge('resume', run);
  await world.forge('session', 'send', 'ada', 'circle once more');
  const again = await reaches(run, 'is stuck again', (shown) => stepsOf(shown).length > 2);
  expect(stepsOf(again)).toEqual(['nudge', 'ask', 'nudge']);
  expect(again.session).toBe(paused.session);
});

test('a healthy agent that was thought to be stuck answers late: that is taken, its gates run and the run goes on', async () => {
  configure('late', { stuck: { steps: ['ask'] }, gates: [{ name: 'taste', run: 'test -f burnt.txt' }] });
  const run = await dispatch();
  const shown = await reaches(run, 'is looked at', ({ status }) => status === 'reviewing');
  const after = shown.events.slice(shown.events.findIndex(({ type }) => type === 'run.paused'));
  expect(after.map(({ type, status }) => `${type} ${status}`)).toEqual([
    ...['run.paused paused', 'agent.answered gating', 'gates.passed reviewing'],
  ]);
});

test('its work is taken back to before the circles, kept, and it is told so in the same conversation', async () => {
  configure('once', { stuck: { steps: ['rewind'] } });
  const run = await dispatch();
  const shown = await reaches(run, 'is answered', (now) => has(now, 'agent.answered'));
  expect(prompts().at(-1)).toContain('The files are as they were before your last turn.');
  expect(existsSync(join(shown.worktree as string, 'burnt.txt'))).toBe(false);
  const rewound = shown.events.find(({ type }) => type === 'worktree.rewound')?.payload;
  expect(world.git('show', `${rewound?.kept}:burnt.txt`)).toBe('burnt');
});

test('without a fallback it is replaced by itself, in a new conversation that knows why', async () => {
  configure('once', { stuck: { steps: ['replace'] } });
  const run = await dispatch();
  const shown = await reaches(run, 'is answered', (now) => has(now, 'agent.answered'));
  const fell = shown.events.find(({ type }) => type === 'run.fellBack')?.payload;
  expect(fell).toMatchObject({ cause: 'stuck', from: 'round', agent: 'round', conversation: null });
  expect(shown.session).not.toBe(fell?.left);
  expect(prompts().at(-1)).toMatch(/The agent round began this work and could not go on\. It was stuck: Bash/);
});

test('paused for it, and killed: its fallback goes on; without one the run has failed', async () => {
  for (const fallback of ['script', undefined]) {
    configure('always', { stuck: { steps: ['ask'] } }, fallback);
    const run = await dispatch();
    const paused = await reaches(run, 'is paused', ({ status }) => status === 'paused');
    const sessions = await world.json<{ id: string; pid: number }[]>('session', 'list');
    process.kill(sessions.find(({ id }) => id === paused.session)?.pid as number, 'SIGKILL');
    const over = await reaches(run, 'is over', ({ status }) => status !== 'paused' && status !== 'preparing');
    const fell = over.events.find(({ type }) => type === 'run.fellBack')?.payload;
    if (fallback === undefined)
      expect(over).toMatchObject({ status: 'failed', reason: expect.stringContaining('stuck') });
    else expect(fell).toMatchObject({ cause: 'failure', from: 'round', agent: 'script' });
  }
});
