/**
 * Records what real agent programs write to their terminals and into their records, for test/fixtures/agent-recordings.
 * `npm run record -- [ADAPTER[/STORY]...]`, with the variables of CONTRIBUTING.md. What is true at which moment comes from the
 * scripted model and from what is done to the program here, never from an adapter.
 */
import { join } from 'node:path';
import { agentStories, agentTraits, storyScenario } from '../test/support/agent-stories.ts';
import { RealAgentWorld, startModel } from '../test/support/real-agents.ts';
import { startOnce, tellStory } from '../test/support/tell-story.ts';

const fixtures = join(import.meta.dirname, '../test/fixtures/agent-recordings');
/** Not below the system's temporary folder, where Codex's sandbox fails; the same on every machine but for its end. */
const root = '/var/tmp/forge-recording-';

const wanted = process.argv.slice(2);
const mock = await startModel(storyScenario);
for (const traits of agentTraits) {
  const { adapter } = traits;
  const isWanted = (story: string) =>
    wanted.length === 0 || wanted.includes(adapter) || wanted.includes(`${adapter}/${story}`);
  const stories = agentStories.filter(({ name }) => isWanted(name));
  if (stories.length === 0) continue;
  await using world = await RealAgentWorld.make(mock, root);
  await world.prepare({ isTrusted: true });
  await startOnce(mock, world, adapter);
  for (const story of stories) {
    const told = await tellStory(mock, world, traits, story, join(fixtures, adapter, story.name));
    process.stdout.write(`${adapter}/${story.name}: ${told}\n`);
  }
}
await mock.close();
