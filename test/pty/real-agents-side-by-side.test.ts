import { expect, test } from 'vitest';
import { agentScenes } from '../support/agent-scenes.ts';
import { hasRealAgents } from '../support/real-agents.ts';
import { findProgram } from '../support/scene.ts';
import { SessionWorld, SideBySide } from '../support/side-by-side.ts';

// The real agents against a scripted model, as in real-agents.test.ts; how to run it is in CONTRIBUTING.md.

/** Of 1,920 cells: a tip and a duration, and what it says of its own work. */
const maskedMax = 200;

test.skipIf(!hasRealAgents).each(['claude', 'codex', 'opencode'])(
  '%s looks in a pane as it does in a bare terminal, cell by cell',
  { timeout: 300_000 },
  async (name) => {
    await using agents = await agentScenes();
    const scene = agents.scenes.find((candidate) => candidate.name === name)!;
    expect(findProgram(scene.needs ?? '')).not.toBeNull();
    await using world = new SessionWorld();
    const sides = await SideBySide.start(world, scene);
    await sides.view('attach');
    for (const step of scene.steps) {
      const masked = await sides.step(step);
      expect(masked, `cells not compared when it ${step.does}`).toBeLessThan(maskedMax);
    }
    await sides.view('dashboard');
    await sides.step({ does: 'is seen in the dashboard', shows: scene.steps.at(-1)!.shows });
  },
);
