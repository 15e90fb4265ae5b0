import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type AgentStory, type AgentTraits, agentTraits } from './agent-stories.ts';
import type { MockModel, RealAgentWorld } from './real-agents.ts';
import { RecordedAgent } from './recorded-agent.ts';

/** What is recorded after the last event, in ms: nothing may be invented there. */
const tailMs = 3_000;

/** A first start fetches and sets up things: it is left alone for so long, in ms. */
export async function startOnce(mock: MockModel, world: RealAgentWorld, adapter: string): Promise<void> {
  await rested(mock, world, adapter, 'first', 'first', 10_000);
}

/** Plays a story with the real program, and writes the recording of it into the folder. Returns what was true. */
export async function tellStory(
  mock: MockModel,
  world: RealAgentWorld,
  traits: AgentTraits,
  story: AgentStory,
  folder: string,
): Promise<string> {
  const { adapter, program } = traits;
  const name = `fg-${story.name}`;
  const resume = story.resumes ? await rested(mock, world, adapter, name, `${story.name}.1`, 6_000) : null;
  await using agent = await begin(mock, world, adapter, name, `${story.name}.2`, story.prompt, resume);
  try {
    await story.play(agent, traits);
    await agent.pause(tailMs);
  } finally {
    for (const gate of mock.waiting()) mock.release(gate);
  }
  const { about, cast, records } = agent.recorded();
  const version = await agent.version();
  const how = `npm run record -- ${adapter}/${story.name}: ${program} with a prompt as argument, against a scripted model on loopback; the truth is from that model and from the keys that were pressed.`;
  const whole = { program, version, made: new Date().toISOString(), how, ...about };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'recording.json'), `${JSON.stringify(whole, null, 2)}\n`);
  writeFileSync(join(folder, 'terminal.cast.gz'), gzipSync(cast, { level: 9 }));
  writeFileSync(join(folder, 'records.jsonl.gz'), gzipSync(records, { level: 9 }));
  return about.story.map(({ at, state }) => `${(at / 1_000).toFixed(2)} s ${state}`).join(', ');
}

async function begin(
  mock: MockModel,
  world: RealAgentWorld,
  adapter: string,
  name: string,
  session: string,
  prompt: string,
  resume: string | null,
): Promise<RecordedAgent> {
  const worktree = await world.ensureWorktree(name);
  const extra = agentTraits.find((traits) => traits.adapter === adapter)?.extra;
  return RecordedAgent.start(mock, world, world.request(adapter, { worktree, session, prompt, resume, extra }));
}

/** The conversation of a session that has said something and was left. */
async function rested(
  mock: MockModel,
  world: RealAgentWorld,
  adapter: string,
  name: string,
  session: string,
  ms: number,
): Promise<string | null> {
  const agent = await begin(mock, world, adapter, name, session, 'Say something.', null);
  return agent.rest(ms);
}
