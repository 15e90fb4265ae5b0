import { test } from 'vitest';
import { PersonTerminal } from '../support/person-terminal.ts';
import { difference } from '../support/screen-cells.ts';
import { scenes } from '../support/scenes.ts';
import { SessionWorld } from '../support/side-by-side.ts';
import { until } from '../support/until.ts';
test.each(['less', 'man'])('control %s', async (name) => {
  await using world = new SessionWorld();
  await world.host;
  const scene = scenes.find((s) => s.name === name)!;
  const cwd = world.folder(name, scene.files);
  const make = () => world.keep(new PersonTerminal(scene.command, { cwd, env: { ...world.env, ...scene.env }, ...scene.size }));
  for (let i = 0; i < 4; i++) {
    const [a, b] = [make(), make()];
    for (const step of scene.steps) {
      for (const t of [a, b]) { if (step.size) t.resize(step.size.cols, step.size.rows); t.press(...(step.keys ?? [])); }
      await until(step.does, () => a.isQuiet(200) && b.isQuiet(200) && step.shows.test(a.text) && step.shows.test(b.text), { timeoutMs: 5000 }).catch((e) => console.log(String(e)));
      const d = difference(a.cells(), b.cells());
      if (d) { console.log(i, step.does, d.slice(0, 3000)); break; }
    }
  }
});
