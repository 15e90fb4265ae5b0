import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findAdapter } from '../../src/agents/registry.ts';
import { compareStory } from '../../src/conformance/compare-story.ts';
import { playRecording } from '../../src/conformance/play-recording.ts';
import { readRecording } from '../../src/conformance/recording.ts';

const fixtures = join(import.meta.dirname, '../fixtures/agent-recordings');
const recordings = readdirSync(fixtures).flatMap((adapter) =>
  readdirSync(join(fixtures, adapter)).map((story) => ({ adapter, story })),
);

test('a recording writes to no file but its own', async () => {
  const recording = readRecording(join(fixtures, 'gemini', 'hang'), 'hang');
  const appended = [{ at: 100, path: '{home}/../../outside.jsonl', text: 'x' }];
  await expect(playRecording(findAdapter('gemini')!, { ...recording, appended })).rejects.toMatchObject({
    code: 'recording.unreadable',
  });
});

test.each(recordings)(
  '$adapter, $story: each change within 500 ms, none missed, none invented',
  async ({ adapter, story }) => {
    const recording = readRecording(join(fixtures, adapter, story), story);
    const played = await playRecording(findAdapter(adapter)!, recording);
    expect(compareStory(recording.about, played)).toEqual([]);
  },
);
