import { afterAll, beforeAll, describe, test } from 'vitest';
import { scenes } from '../support/scenes.ts';
import { findProgram, SessionWorld, SideBySide } from '../support/side-by-side.ts';

let world: SessionWorld;
beforeAll(async () => {
  world = new SessionWorld();
  await world.host;
});
afterAll(() => world[Symbol.asyncDispose]());

describe.each(scenes)('$name looks in a pane as it does in a bare terminal', (scene) => {
  const [program = ''] = scene.command;
  test.skipIf(findProgram(program) === null)(
    `attached, then in the dashboard (skipped without ${program})`,
    async () => {
      const sides = await SideBySide.start(world, scene);
      await sides.view('attach');
      for (const step of scene.steps) await sides.step(step);
      await sides.view('dashboard');
      await sides.step({ does: 'is seen in the dashboard', shows: scene.steps.at(-1)!.shows });
    await sides.end();
    },
  );
});
