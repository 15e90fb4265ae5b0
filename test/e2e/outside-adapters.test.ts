import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from '../support/until.ts';
import { World } from '../support/world.ts';

interface RunJson {
  id: string;
  status: string;
  reason: string;
}

let world: World;
beforeEach(async () => {
  world = new World();
  await world.forge('init', '--prefix', 'fg');
});
afterEach(() => world.dispose());

const writer = '#!/bin/sh\nprintf "\\033]0;writer: working\\007"\necho "$2" > note.txt\n';

function putPackage(name: string, code: string): void {
  const folder = `../f/adapters/node_modules/${name}`;
  world.write(`${folder}/package.json`, JSON.stringify({ name, type: 'module', exports: './index.js' }));
  world.write(`${folder}/index.js`, code);
}

function useAgents(agents: Record<string, string>): void {
  const rows = Object.entries(agents).map(([name, adapter]) => `  ${name}: { adapter: ${adapter} }\n`);
  const slots = Object.keys(agents).map((name) => `  - { name: ${name}, agent: ${name} }\n`);
  world.write('.forge/config.yaml', `prefix: fg\nagents:\n${rows.join('')}workers:\n${slots.join('')}`);
}

async function ended(worker: string): Promise<RunJson> {
  const { id: task } = await world.json<{ id: string }>('task', 'add', `For ${worker}`);
  const { runs } = await world.json<{ runs: RunJson[] }>('dispatch', task, worker);
  let seen: RunJson | undefined;
  const look = async () => {
    seen = (await world.json<RunJson[]>('runs')).find((row) => row.id === runs[0].id);
    return seen && ['done', 'failed'].includes(seen.status) ? seen : null;
  };
  return until(`the run of ${worker} has ended`, look, { shown: () => JSON.stringify(seen) });
}

test('a declared adapter works; broken and missing ones are named, and harm nothing else', async () => {
  const program = world.write('../bin/writer', writer, { isExecutable: true });
  world.write(
    '../f/adapters/writer.yaml',
    `contract: 1\nsummary: Writes.\nprogram: [${program}]\nprompt: ["--", "{prompt}"]\nendsByItself: true\n`,
  );
  world.write('.forge/adapters/crooked.yaml', 'contract: 1\nsummary: x\nprogramm: [x]\n');
  putPackage('broken', 'throw new Error("no luck");');
  putPackage(
    'thrower',
    `export const contract = 1;
    export default {
      summary: 'Throws.', endsByItself: true, interruptKeys: null, screenRules: [],
      abilities: { canResume: false, canFork: false, tellsTokens: false, tellsMoney: false, tellsPrompts: false },
      find: async () => ({ isFound: true, path: '/x', version: '' }),
      launch() { throw new Error('not today'); },
    };`,
  );
  useAgents({ a: 'writer', b: 'broken', c: 'crooked', d: 'thrower', e: 'absent' });

  const { stdout } = await world.forge('agent', 'list');
  expect(stdout).toMatch(/^a +writer +found/m);
  expect(stdout).toMatch(
    /^b +broken +missing +The adapter package broken cannot be used: it cannot be loaded: no luck\. Check it: forge agent check broken/m,
  );
  expect(stdout).toMatch(
    /^c +crooked +missing .*crooked\.yaml:3:1: programm is not a setting\. Did you mean program\?/m,
  );
  expect(stdout).toMatch(/^e +absent +missing +There is no adapter absent\./m);

  const { id: task } = await world.json<{ id: string }>('task', 'add', 'For nobody');
  const refused = await world.forge('dispatch', task, 'b');
  expect(refused).toMatchObject({ status: 3, stderr: expect.stringContaining('it cannot be loaded: no luck') });

  const thrown = await ended('d');
  expect(thrown).toMatchObject({ status: 'failed', reason: expect.stringContaining('launch threw: not today') });
  expect(await ended('a')).toMatchObject({ status: 'done' });
});

test('a program whose title rests and whose record says that it answered is done, and so says its run', async () => {
  const program = world.write(
    '../bin/rester',
    `#!/bin/sh
printf '\\033]0;at work\\007'
echo '{"is":"open"}' > "$1"
read answer
echo '{"is":"answered"}' >> "$1"
printf '\\033]0;at rest\\007'
read answer
`,
    { isExecutable: true },
  );
  putPackage(
    'rester',
    `import { mkdirSync } from 'node:fs';
    export const contract = 1;
    export default ({ launchProgram, findAgentProgram, followLines }) => {
      const traits = { environment: { passedOn: [] }, command: [${JSON.stringify(program)}], answersVersion: false, install: '' };
      const recordOf = ({ recordsDirectory, session }) => recordsDirectory + '/' + session + '.jsonl';
      return {
        summary: 'Rests.', endsByItself: false, interruptKeys: null, screenRules: [], restTitle: /^at rest$/,
        titleRules: [{ name: 'work', state: 'busy', reason: '', pattern: /^at work$/ }],
        abilities: { canResume: false, canFork: false, tellsTokens: false, tellsMoney: false, tellsPrompts: false },
        find: (definition, environment, repository) => findAgentProgram(traits, definition, environment, repository),
        async launch(request) {
          mkdirSync(request.recordsDirectory, { recursive: true });
          return launchProgram(traits, request, () => [recordOf(request)]);
        },
        follow: (session, hear) =>
          followLines(async () => recordOf(session), (line) => hear({ type: 'turn', is: JSON.parse(line).is, at: Date.now() })),
      };
    };`,
  );
  useAgents({ a: 'rester' });
  const { id: task } = await world.json<{ id: string }>('task', 'add', 'Rest');
  const { runs } = await world.json<{ runs: (RunJson & { session: string })[] }>('dispatch', task, 'a');
  const { id, session } = runs[0];
  const isState = (state: string) => async () => {
    const sessions = await world.json<{ id: string; state: string }[]>('session', 'list');
    return sessions.some((row) => row.id === session && row.state === state);
  };
  await until('it is at work', isState('busy'));
  await world.forge('session', 'send', session, '--raw', 'go\n');
  await until('it is done', isState('done'));
  await until('the run says so', async () => {
    const { events } = await world.json<{ events: { type: string }[] }>('run', 'show', id);
    return events.some(({ type }) => type === 'agent.answered');
  });
});

test('forge agent check says what holds, and ends with a status', async () => {
  world.write('../f/adapters/titled.yaml', titled);
  world.write('recordings/asked/recording.json', JSON.stringify(recording));
  world.write('recordings/asked/terminal.cast', cast);

  const right = await world.forge('agent', 'check', 'titled', '--recordings', 'recordings');
  expect(right, right.stdout).toMatchObject({ status: 0, stderr: '' });
  expect(right.stdout).toContain('✓ recording asked, of titled 1.0');

  world.write('recordings/asked/recording.json', JSON.stringify({ ...recording, story: recording.story.slice(0, 1) }));
  const wrong = await world.forge('agent', 'check', 'titled', '--recordings', 'recordings');
  expect(wrong.status).toBe(1);
  expect(wrong.stdout).toContain('✗ recording asked, of titled 1.0');
  expect(wrong.stdout).toMatch(/waiting \(asks\) by title: asks was invented/);
  expect(wrong.stderr).toContain('1 of 13 checks of titled failed.');
});

const titled = `contract: 1
summary: Says all in its title.
program: [titled]
prompt: ["--", "{prompt}"]
rules:
  - { name: works, state: busy, title: "^works$" }
  - { name: asks, state: waiting, reason: asks, title: "^asks$" }
`;

const cast = [
  JSON.stringify({ version: 2, width: 80, height: 24 }),
  JSON.stringify([0.5, 'o', '\u001b]0;works\u0007']),
  JSON.stringify([1.5, 'o', '\u001b]0;asks\u0007']),
].join('\n');

const recording = {
  ...{ program: 'titled', version: '1.0', made: '2026-11-27T16:00:00.000Z', how: 'by hand' },
  ...{ startedAt: 1_795_795_200_000, lengthMs: 3_000, session: 'r1.1', conversation: null, command: [], end: null },
  story: [
    { at: 500, state: 'busy', because: 'it was asked' },
    { at: 1_500, state: 'waiting', reason: 'asks', because: 'it asked' },
  ],
};
