import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { HeadlessWorld, headlessAgents } from '../test/support/headless-world.ts';
import { conversations, inShort, playStory, storiesOf } from '../test/support/wire-stories.ts';

// Records test/fixtures/headless-wires anew: node scripts/record-wires.ts [ADAPTER...]. Needs what the real tests need.
const recorder = resolve(import.meta.dirname, '../test/support/record-wire-entry.ts');
const folder = resolve(import.meta.dirname, '../test/fixtures/headless-wires');
const wanted = process.argv.slice(2);

for (const { name, program, extra } of headlessAgents.filter(
  ({ name }) => wanted.length === 0 || wanted.includes(name),
)) {
  await using world = await HeadlessWorld.make();
  const version = execFileSync(program, ['--version'], { encoding: 'utf8', env: world.environment }).trim();
  let conversation = conversations[name];
  for (const story of storiesOf(name)) {
    const file = join(folder, `${name}-${story.name}.jsonl`);
    const how = `${program.split('/').at(-1)} through the runtime of Forge, against a scripted model on loopback: node scripts/record-wires.ts ${name}`;
    writeFileSync(file, `${JSON.stringify({ story: story.name, version, made: new Date().toISOString(), how })}\n`);
    const worktree = await world.worktree(`${name}-${story.resumes ? 'work' : story.name}`);
    const env = {
      ...world.environment,
      FORGE_SESSION: 'recording',
      ...{ WIRE_FILE: file, WIRE_ROOT: worktree, WIRE_KILL: story.kill ?? '' },
    };
    world.model.requests.length = 0;
    const isResumed = story.resumes === true;
    const told = await playStory(
      name,
      story,
      {
        command: [process.execPath, recorder, program, ...extra],
        ...{ env, cwd: worktree, isResumed, fork: null, conversation: isResumed ? conversation : conversations[name] },
      },
      () => world.model.requests.some(({ prompt }) => prompt.includes('hold on')),
    );
    if (story.name === 'work') conversation = told.conversation;
    shorten(file);
    console.log(name, story.name, inShort(told.events));
  }
}

/** Leaves out what says a lot about the machine and nothing to a reader. */
function shorten(file: string): void {
  const kept = readFileSync(file, 'utf8')
    .replaceAll(homedir(), '/home')
    .split('\n')
    .filter(
      (line) =>
        !/mcpServer|configWarning|remoteControl|"subtype\\?":\\?"status|codex_app_server|Ripgrep|256-color|STARTUP|"err":" +at /.test(
          line,
        ),
    )
    .map((line) => (line.length > 6_000 ? shortenLine(line) : line));
  writeFileSync(file, kept.join('\n'));
}

/** Long lists that some messages carry: tools, commands, settings. */
function shortenLine(line: string): string {
  const { out = '{}', ...entry } = JSON.parse(line) as { out?: string };
  const message = JSON.parse(out) as Record<string, unknown>;
  for (const [key, value] of Object.entries(message)) if (Array.isArray(value)) message[key] = [];
  return JSON.stringify({ ...entry, out: JSON.stringify(message) });
}
