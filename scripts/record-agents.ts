/**
 * Records what real agent programs write to their terminals and into their records, for test/fixtures/agent-recordings.
 * `npm run record -- [ADAPTER[/STORY]...]`, with the variables of CONTRIBUTING.md. What is true at which moment
 * comes from the scripted model and from what is done to the program here, never from an adapter.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type AgentTraits, agentStories, agentTraits, storyScenario } from '../test/support/agent-stories.ts';
import { RealAgentWorld, startModel } from '../test/support/real-agents.ts';
import { RecordedAgent } from '../test/support/recorded-agent.ts';

const fixtures = join(import.meta.dirname, '../test/fixtures/agent-recordings');
/** Not below the system's temporary folder, where Codex's sandbox fails; the same on every machine but for its end. */
const root = '/var/tmp/forge-recording-';
/** What is recorded after the last event, in ms: nothing may be invented there. */
const tailMs = 3_000;

const wanted = process.argv.slice(2);
const mock = await startModel(storyScenario);
for (const traits of agentTraits) {
  const chosen = agentStories.filter(({ name }) => isWanted(traits.adapter, name));
  if (chosen.length === 0) continue;
  await using world = await RealAgentWorld.make(mock, root);
  await world.prepare({ isTrusted: true });
  // The first start of some programs fetches and sets up things.
  await (await begin(world, traits, 'first', 'first', 'Say something.')).rest(10_000);
  for (const story of chosen) {
    const worktree = `fg-${story.name}`;
    let resume: string | null = null;
    if (story.resumes)
      resume = await (await begin(world, traits, worktree, `${story.name}.1`, 'Say something.')).rest(6_000);
    const agent = await begin(world, traits, worktree, `${story.name}.2`, story.prompt, resume);
    try {
      await story.play(agent, traits);
      await agent.pause(tailMs);
      const { about, cast, records } = agent.recorded();
      const folder = join(fixtures, traits.adapter, story.name);
      mkdirSync(folder, { recursive: true });
      const how = `npm run record -- ${traits.adapter}/${story.name}: ${traits.program} with a prompt as argument, against a scripted model on loopback; the truth is from that model and from the keys that were pressed.`;
      const version = execFileSync(agent.program, ['--version'], { encoding: 'utf8' }).match(/\d[\w.]+/)?.[0] ?? '';
      const { program } = traits;
      const whole = { program, version, made: new Date().toISOString(), how, ...about };
      writeFileSync(join(folder, 'recording.json'), `${JSON.stringify(whole, null, 2)}\n`);
      writeFileSync(join(folder, 'terminal.cast.gz'), gzipSync(cast, { level: 9 }));
      writeFileSync(join(folder, 'records.jsonl.gz'), gzipSync(records, { level: 9 }));
      process.stdout.write(
        `${traits.adapter}/${story.name}: ${about.story.map(({ at, state }) => `${at} ${state}`)}\n`,
      );
    } catch (failure) {
      process.stdout.write(`${traits.adapter}/${story.name} FAILED: ${failure}\n${agent.screen()}\n`);
    } finally {
      await agent[Symbol.asyncDispose]();
      for (const gate of mock.waiting()) mock.release(gate);
    }
  }
}
await mock.close();

function isWanted(adapter: string, story: string): boolean {
  return wanted.length === 0 || wanted.includes(adapter) || wanted.includes(`${adapter}/${story}`);
}

async function begin(
  world: RealAgentWorld,
  { adapter, extra }: AgentTraits,
  name: string,
  session: string,
  prompt: string,
  resume: string | null = null,
): Promise<RecordedAgent> {
  const worktree = await world.ensureWorktree(name);
  return RecordedAgent.start(mock, world, world.request(adapter, { worktree, session, prompt, resume, extra }));
}
