import { expect, test } from 'vitest';
import { Emulator } from '../../src/sessions/screen/emulator.ts';
import { Recordings } from '../../src/sessions/transcript/recordings.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

test('when the thread that writes has died, that is told once, and nobody waits for it', async () => {
  const said: string[] = [];
  const recordings = new Recordings({
    folder: temporaryFolder(),
    worker: new URL('data:text/javascript,throw new Error("broken")'),
    clock: Date.now,
    log: (line) => said.push(line),
  });
  recordings.open({ id: 's1', command: ['cat'] }, new Emulator(80, 24));
  await until('that is told', () => said.length > 0);
  expect(said).toEqual(['nothing is recorded any more: broken']);
  const before = performance.now();
  await recordings.flush();
  expect(performance.now() - before).toBeLessThan(1_000);
  await recordings.dispose();
});
