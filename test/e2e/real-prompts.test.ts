import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { findAdapter } from '../../src/agents/registry.ts';
import { isMessageOver, type MessageState } from '../../src/domain/message.ts';
import type { Run } from '../../src/domain/run.ts';
import { seededRandom } from '../support/random.ts';
import { hasRealAgents, type ModelRequest, startModel } from '../support/real-agents.ts';
import { askForPermissions, type RealAgent, realForge } from '../support/real-forge.ts';
import { until } from '../support/until.ts';
import type { World } from '../support/world.ts';

// Prompts at random moments to the real programs in runs of the built program, while the supervisor is killed now and then,
// answers are interrupted and permissions are given. What arrived is counted by what the model was asked.
// FORGE_REAL_PROMPTS is how many each program gets.
/** Allows what is asked: that choice comes first in all four. */
const enter = '\r';
const count = Number(process.env.FORGE_REAL_PROMPTS ?? 6);

const shell = { do: 'shell', command: 'touch made-by-the-agent', justification: 'to try it' };
const slow = { text: Array.from({ length: 100 }, (_, at) => `slow word ${at}`).join(', '), chunkDelayMs: 200 };
const scenario = {
  prompts: [
    { match: 'slow', turns: [slow] },
    { match: 'asks', turns: [{ text: 'Running it.', actions: [shell] }, { text: 'It ran.' }] },
    { match: '.', turns: [{ text: 'A quick answer.' }] },
  ],
  side: { text: 'Title' },
};

interface Asked {
  agent: RealAgent;
  adapter: string;
  command: string[];
}

const programs: Asked[] = [
  { agent: 'claude', adapter: 'claude-code', command: ['claude', '--permission-mode', 'manual'] },
  { agent: 'codex', adapter: 'codex', command: ['codex', '-a', 'on-request', '-s', 'workspace-write'] },
  { agent: 'gemini', adapter: 'gemini', command: ['gemini'] },
  { agent: 'opencode', adapter: 'opencode', command: ['opencode'] },
];

interface Sent {
  id: number;
  state: MessageState;
  note: string;
  text: string;
  typedAt: number;
  answeredAt: number;
}

describe.skipIf(!hasRealAgents)('prompts to real programs at random moments', () => {
  test.each(programs)(
    '$agent: none is lost, none is doubled, none is in a dialog',
    { timeout: 120_000 + count * 25_000 },
    async ({ agent, adapter, command }) => {
      const random = seededRandom(agent.length * 1_000 + count);
      const model = await startModel(scenario);
      await using world = await realForge(model.url, { [agent]: { adapter, command } });
      if (agent === 'opencode') askForPermissions(world);
      const task = await world.json<{ id: string }>('task', 'add', 'Say that you are there');
      const [run] = (await world.json<{ runs: Run[] }>('dispatch', task.id, agent)).runs;
      const { session } = run as Run;

      await until('it to be started', async () => (await stateOf(world, session)) !== undefined);
      const over = new AbortController();
      const person = answerAndInterrupt(world, session, findAdapter(adapter)?.interruptKeys ?? '', random, over);
      for (let at = 0; at < count; at++) {
        await world.json('session', 'send', session, prompt(at, random()));
        // Some at once, some in the middle of an answer, some when all is quiet.
        if (random() < 0.7) await pause(random() * (random() < 0.3 ? 8_000 : 2_000));
        if (random() < 0.1) await killSupervisor(world);
        const [failed] = (await world.json<Sent[]>('session', 'messages', session)).filter(
          ({ state }) => state === 'failed',
        );
        if (!failed) continue;
        const asked = JSON.stringify(askedOf(model.requests).at(-1));
        const { stdout } = await world.forge('session', 'screen', session);
        throw new Error(`${JSON.stringify(failed)}\nasked: ${asked}\n${stdout}`);
      }
      const screen = async () => (await world.forge('session', 'screen', session)).stdout;
      let sent: Sent[] = [];
      await until(
        'all prompts to be answered',
        async () => {
          sent = await world.json<Sent[]>('session', 'messages', session);
          const isFailed = sent.some(({ state }) => state === 'failed');
          return isFailed || (sent.length === count && sent.every(({ state }) => isMessageOver(state)));
        },
        {
          timeoutMs: 60_000 + count * 15_000,
          everyMs: 500,
          shown: async () => `${sent.map(({ state, note }) => `${state} ${note}`).join('\n')}\n${await screen()}`,
        },
      );
      over.abort();
      const interrupts = await person;
      expect(
        sent.filter(({ state }) => state !== 'answered'),
        await screen(),
      ).toEqual([]);

      const all = sent.map((_, at) => tag(at));
      const asked = askedOf(model.requests);
      expect(asked.filter((tags) => tags.join() !== [...new Set(tags)].sort().join())).toEqual([]);
      const newest = asked.map((tags) => tags.at(-1));
      // On a busy machine an interrupt may come so late that it meets the next prompt, before the model is asked.
      const isMet = ({ typedAt, answeredAt }: Sent) =>
        interrupts.some(({ from, to }) => to > typedAt && from < answeredAt);
      const seen = newest.filter((word, at) => word !== newest[at - 1]);
      const isSure = (word: string | undefined) => sent.some((one, at) => tag(at) === word && !isMet(one));
      const times = sent.map(({ typedAt, answeredAt }, at) => ({ tag: tag(at), typedAt, answeredAt }));
      expect(seen.filter(isSure), JSON.stringify({ times, interrupts })).toEqual(all.filter(isSure));
      expect(seen).toEqual(all.filter((word) => seen.includes(word)));
      await model.close();
    },
  );

  test('a digit that allows what Gemini CLI asks is no draft: the prompt that waits behind it is answered', {
    timeout: 180_000,
  }, async () => {
    const model = await startModel(scenario);
    await using world = await realForge(model.url, { gemini: { adapter: 'gemini', command: ['gemini'] } });
    const task = await world.json<{ id: string }>('task', 'add', 'This asks');
    const [run] = (await world.json<{ runs: Run[] }>('dispatch', task.id, 'gemini')).runs;
    const { session } = run as Run;
    const long = { timeoutMs: 60_000, everyMs: 300 };
    await until('it to ask', async () => (await stateOf(world, session)) === 'waiting', long);
    await world.json('session', 'send', session, 'and quick');
    await world.forge('session', 'send', session, '--raw', '1');
    let sent: Sent[] = [];
    const isAnswered = async () => {
      sent = await world.json<Sent[]>('session', 'messages', session);
      return sent[0]?.state === 'answered';
    };
    await until('an answer', isAnswered, { ...long, shown: () => JSON.stringify(sent) });
    await model.close();
  });

  test('Gemini CLI that is trusted in its pane goes on by itself, with the prompt that waited behind it', {
    timeout: 180_000,
  }, async () => {
    const model = await startModel(scenario);
    await using world = await realForge(model.url, { gemini: { adapter: 'gemini', command: ['gemini'] } });
    const settings = { security: { auth: { selectedType: 'gemini-api-key' } }, model: { name: 'gemini-2.5-pro' } };
    writeFileSync(join(world.env.HOME as string, '.gemini/settings.json'), JSON.stringify(settings));
    const task = await world.json<{ id: string }>('task', 'add', 'This is slow');
    const [run] = (await world.json<{ runs: Run[] }>('dispatch', task.id, 'gemini')).runs;
    const { session } = run as Run;
    const long = { timeoutMs: 60_000, everyMs: 300 };
    await until('it to ask', async () => (await stateOf(world, session)) === 'waiting', long);
    await until('the model to be asked', () => model.requests.some(({ side }) => !side), long);
    await world.json('session', 'send', session, `${tag(0)} quick`);
    await world.forge('session', 'send', session, '--raw', enter);
    let sent: Sent[] = [];
    const isAnswered = async () => {
      sent = await world.json<Sent[]>('session', 'messages', session);
      return sent[0]?.state === 'answered';
    };
    const shown = () => JSON.stringify(sent);
    await until('an answer', isAnswered, { timeoutMs: 120_000, everyMs: 300, shown });
    const conversations = model.requests.filter(({ side }) => !side).map(({ body }) => JSON.stringify(body));
    expect(conversations.at(-1)?.match(/prompt-\d{3}/g)).toEqual([tag(0)]);
    expect(conversations.at(-1)).toMatch(/This is slow.*started anew.*prompt-000/s);
    expect(await world.json<Run>('run', 'show', (run as Run).id)).toMatchObject({ session, status: 'working' });
    await model.close();
  });
});

function tag(at: number): string {
  return `prompt-${String(at).padStart(3, '0')}`;
}

/** Short, long, of many lines, with wide letters; quick, slow, or one that asks for a permission. */
function prompt(at: number, chance: number): string {
  const kind = chance < 0.3 ? 'slow' : chance < 0.5 ? 'asks' : 'quick';
  const bodies = ['', ' 漢字 🙂', `\n${'a line of it\n'.repeat(30)}end`, ` ${'long '.repeat(600)}`, '\nsecond line?'];
  return `${tag(at)} ${kind}${bodies[at % bodies.length]}`;
}

/**
 * The tags of the prompts in each conversation that the model was sent, in order. Gemini CLI leaves an interrupted prompt out of
 * what it sends later.
 */
function askedOf(requests: readonly ModelRequest[]): string[][] {
  const conversations = requests.map(({ body, side }) => {
    const { messages, input, contents } = (body ?? {}) as Record<string, unknown[] | undefined>;
    const users = [...(messages ?? input ?? contents ?? [])].filter(
      (item) => (item as { role?: string }).role === 'user',
    );
    return side ? [] : users.flatMap((item) => JSON.stringify(item).match(/prompt-\d{3}/g) ?? []);
  });
  return conversations.filter((tags) => tags.length > 0);
}

/**
 * Allows what is asked, after a while, and now and then interrupts a slow answer. Gives when it did, in ms since the epoch:
 * between which moments, since a command takes its time.
 */
async function answerAndInterrupt(
  world: World,
  session: string,
  interrupt: string,
  random: () => number,
  over: AbortController,
): Promise<{ from: number; to: number }[]> {
  const interrupts: { from: number; to: number }[] = [];
  while (!over.signal.aborted) {
    await pause(300 + random() * 700);
    const state = await stateOf(world, session).catch(() => undefined);
    if (state === 'waiting') {
      await pause(random() * 1_500);
      await world.forge('session', 'send', session, '--raw', enter);
      await pause(500);
    } else if (state === 'busy' && random() < 0.15) {
      // An answer that comes just now: without one, some programs would put the prompt back into their input.
      const before = await slowWord(world, session);
      const now = await slowWord(world, session);
      if (before < 1 || now <= before || now > 30) continue;
      const from = Date.now();
      await world.forge('session', 'send', session, '--raw', interrupt);
      interrupts.push({ from, to: Date.now() });
      await pause(1_000);
    }
  }
  return interrupts;
}

/** The newest word of a slow answer that is on the screen; 0: none. */
async function slowWord(world: World, session: string): Promise<number> {
  const { stdout } = await world.forge('session', 'screen', session);
  return Number([...stdout.matchAll(/slow\s+word\s+(\d+)/g)].at(-1)?.[1] ?? 0);
}

async function stateOf(world: World, session: string): Promise<string | undefined> {
  const sessions = await world.json<{ id: string; state: string }[]>('session', 'list');
  return sessions.find(({ id }) => id === session)?.state;
}

async function killSupervisor(world: World): Promise<void> {
  const { supervisor } = await world.json<{ supervisor: { pid: number } | null }>('host', 'status');
  if (supervisor) process.kill(supervisor.pid, 'SIGKILL');
}
