import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findAdapter } from '../../src/agents/registry.ts';
import { compareStory } from '../../src/conformance/compare-story.ts';
import { playRecording } from '../../src/conformance/play-recording.ts';
import { readRecording } from '../../src/conformance/recording.ts';
import { agentStories, agentTraits, storyScenario } from '../support/agent-stories.ts';
import { hasRealAgents, type MockModel, RealAgentWorld, startModel } from '../support/real-agents.ts';
import { startOnce, tellStory } from '../support/tell-story.ts';

// The stories of test/fixtures/agent-recordings, with the programs as they are installed here. Those that take long are
// left to the recordings.

/** How late a change may be seen here, in ms: the programs themselves are slow on a machine that does other things too. */
const lateMs = 1_500;

const stories = agentStories.filter(({ name }) => !['limit', 'hang'].includes(name));

describe.each(agentTraits)('the real $program', { timeout: 240_000 }, (traits) => {
  const { adapter } = traits;
  describe.skipIf(!hasRealAgents)('with a scripted model', () => {
    let mock: MockModel;
    let world: RealAgentWorld;
    let folder: string;
    beforeAll(async () => {
      mock = await startModel(storyScenario);
      world = await RealAgentWorld.make(mock);
      folder = await mkdtemp(join(tmpdir(), 'forge-told-'));
      await world.prepare({ isTrusted: true });
      await startOnce(mock, world, adapter);
    }, 240_000);
    afterAll(async () => {
      await world?.[Symbol.asyncDispose]();
      await mock?.close();
      await rm(folder, { recursive: true, force: true });
    });

    test.each(stories)('$name: each change is seen in time, none missed, none invented', async (story) => {
      await tellStory(mock, world, traits, story, join(folder, story.name));
      const recording = readRecording(join(folder, story.name), story.name);
      const played = await playRecording(findAdapter(adapter)!, recording);
      expect(compareStory(recording.about, played, lateMs)).toEqual([]);
    });
  });
});
