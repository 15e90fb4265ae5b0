import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { isMessageOver, type MessageState } from '../../src/domain/message.ts';
import { agentScenes } from '../support/agent-scenes.ts';
import { PromptWorld } from '../support/prompt-world.ts';
import { seededRandom } from '../support/random.ts';
import { hasRealAgents } from '../support/real-agents.ts';
import { until } from '../support/until.ts';

// Prompts at random moments to the real programs: while they start, work, answer, ask for permission, and while somebody
// types. What arrived is counted by what the model was asked. Skipped unless FORGE_REAL_AGENTS and FORGE_MOCK_MODEL are set, see
// real-agents.test.ts; FORGE_REAL_PROMPTS is how many each program gets.
const count = Number(process.env.FORGE_REAL_PROMPTS ?? 8);

const shell = { do: 'shell', command: 'touch made-by-the-agent', justification: 'to try it' };
const scenario = {
  prompts: [
    { match: 'slow', turns: [{ text: 'A slow answer.', delayMs: 1_500, chunkDelayMs: 100 }] },
    { match: 'asks', turns: [{ text: 'Running it.', actions: [shell] }, { text: 'It ran.' }] },
    { match: '.', turns: [{ text: 'A quick answer.' }] },
  ],
  side: { text: 'Title' },
};

interface Asked {
  agent: string;
  adapter?: string;
  arguments: string[];
  /** What allows a permission; null: this one is not asked for any. */
  allow: string | null;
}

const programs: Asked[] = [
  { agent: 'claude', adapter: 'claude-code', arguments: ['--permission-mode', 'manual'], allow: '1' },
  { agent: 'codex', adapter: 'codex', arguments: ['-a', 'on-request', '-s', 'workspace-write'], allow: 'y' },
  { agent: 'gemini', adapter: 'gemini', arguments: [], allow: '\r' },
  { agent: 'opencode', arguments: [], allow: null },
];

test.skipIf(!hasRealAgents).each(programs)(
  'prompts to $agent at random moments: none is lost, none is doubled, none is in a dialog',
  { timeout: 60_000 + count * 20_000 },
  async ({ agent, adapter, arguments: more, allow }) => {
    const random = seededRandom(agent.length * 1_000 + count);
    const cwd = realpathSync(mkdtempSync(join(homedir(), '.forge-prompts-')));
    await using scenes = await agentScenes({ scenario, trusted: cwd });
    await using world = await PromptWorld.open();
    try {
      const { command, env } = scenes.scenes.find(({ name }) => name === agent) ?? scenes.gemini!;
      const spec = { command: [...command, ...more], env: { LANG: 'C.UTF-8', ...env } as Record<string, string>, cwd };
      await world.start('s', adapter === undefined ? spec : { ...spec, agent: adapter });

      const person = new AbortController();
      const persons = allow === null ? null : answerAndDoodle(world, allow, random, person.signal);
      const ids: number[] = [];
      for (let at = 0; at < count; at++) {
        ids.push(await world.send('s', prompt(at, random(), allow !== null)));
        // Some at once, some in the middle of an answer, some when all is quiet.
        if (random() < 0.7) await pause(random() * (random() < 0.3 ? 8_000 : 2_000));
      }
      const states = () => ids.map((id) => world.message(id).state);
      // A program without signals does not tell when it has answered.
      const isOver = (state: MessageState) => isMessageOver(state) || (adapter === undefined && state === 'accepted');
      let screen = '';
      const failures: string[] = [];
      await until(
        'all prompts to be answered',
        async () => {
          screen = await world.host.screen('s', 'text');
          const failed = ids.map((id) => world.message(id)).find(({ state }) => state === 'failed');
          if (failed) failures.push(`${failed.text.slice(0, 40)}: ${failed.note}\n${screen}`);
          return failed || states().every(isOver);
        },
        { timeoutMs: 30_000 + count * 15_000, everyMs: 250, shown: () => `${states().join(' ')}\n${screen}` },
      );
      person.abort();
      await persons;
      expect(failures.join('\n')).toBe('');

      const all = ids.map((_, at) => tag(at));
      await until('the model was asked all of it', () => asked(scenes.model!.requests).length >= count, {
        shown: () => asked(scenes.model!.requests).join(' | '),
      }).catch(() => {});
      expect(asked(scenes.model!.requests)).toEqual(all);
    } finally {
      rmSync(cwd, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 });
    }
  },
);

function tag(at: number): string {
  return `prompt-${String(at).padStart(3, '0')}`;
}

/** Short, long, of many lines, with wide letters; quick, slow, or one that asks for a permission. */
function prompt(at: number, chance: number, canAsk: boolean): string {
  const kind = chance < 0.3 ? 'slow' : chance < 0.5 && canAsk ? 'asks' : 'quick';
  const bodies = ['', ' 漢字 🙂', `\n${'a line of it\n'.repeat(30)}end`, ` ${'long '.repeat(600)}`, '\nsecond line?'];
  return `${tag(at)} ${kind}${bodies[at % bodies.length]}`;
}

/** The tags of the prompts in the longest conversation that the model was sent: those of one prompt together, as it has them. */
function asked(requests: readonly { body: unknown }[]): string[] {
  const found = requests.map(({ body }) => {
    const { messages, input, contents } = (body ?? {}) as Record<string, unknown[] | undefined>;
    const users = [...(messages ?? input ?? contents ?? [])].filter(
      (item) => (item as { role?: string }).role === 'user',
    );
    return users.flatMap((item) => {
      const tags = JSON.stringify(item).match(/prompt-\d{3}/g) ?? [];
      return tags.length === 0 ? [] : [tags.join('+')];
    });
  });
  return found.reduce((longest, tags) => (tags.length > longest.length ? tags : longest), []);
}

/** Allows what is asked, after a while, and now and then begins a line that it takes back. */
async function answerAndDoodle(
  world: PromptWorld,
  allow: string,
  random: () => number,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await pause(200 + random() * 800);
    if (isAsked(world)) {
      await pause(random() * 1_500);
      if (isAsked(world)) await world.host.send('s', allow);
      await pause(500);
    } else if (['idle', 'done'].includes(world.facts('s')?.program?.state ?? '') && random() < 0.1) {
      await world.host.send('s', 'hm');
      await pause(300 + random() * 1_000);
      await world.host.send('s', '\x15');
    }
  }
}

/** By what the program says of itself, or by Gemini CLI's title. */
function isAsked(world: PromptWorld): boolean {
  const facts = world.facts('s');
  return facts?.program?.state === 'blocked' || facts?.title.startsWith('✋') === true;
}
