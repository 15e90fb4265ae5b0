import { describe, test } from 'vitest';
import { findProgram } from '../support/scene.ts';
import { scenes } from '../support/scenes.ts';
import { SessionWorld, SideBySide } from '../support/side-by-side.ts';

describe.concurrent('programs look in a pane as they do in a bare terminal, cell by cell', () => {
  for (const scene of scenes) {
    const program = scene.needs ?? scene.command[0] ?? '';
    test.skipIf(findProgram(program) === null)(`${scene.name} (skipped without ${program})`, async () => {
      await using world = new SessionWorld();
      const sides = await SideBySide.start(world, scene);
      await sides.view('attach');
      for (const step of scene.steps) await sides.step(step);
      await sides.view('dashboard');
      await sides.step({ does: 'is seen in the dashboard', shows: scene.steps.at(-1)!.shows });
    });
  }
});
