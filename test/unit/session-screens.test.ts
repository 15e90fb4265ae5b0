import { expect, test } from 'vitest';
import type { Attachment, SessionHost } from '../../src/ports/session-host.ts';
import { SessionScreens } from '../../src/ui/app/session-screens.ts';

const held = { dispose() {} };
const attachment = () => ({ onCopy: () => held, dispose() {} }) as unknown as Attachment;
const host = (attach: (id: string) => Promise<Attachment>) =>
  ({ attach, onClose: () => held, dispose() {} }) as unknown as SessionHost;

test('a host is reached for the first screen, and once', async () => {
  const reached = Promise.withResolvers<SessionHost>();
  let asked = 0;
  const screens = new SessionScreens(() => {
    asked += 1;
    return reached.promise;
  });
  screens.show([]);
  expect(asked).toBe(0);
  const shown = screens.showSoon(['a'], 5_000);
  expect(asked).toBe(1);
  screens.open();
  expect(asked).toBe(1);
  expect(screens.isComing('a')).toBe(true);
  reached.resolve(host(async () => attachment()));
  await shown;
  expect(screens.get('a')).not.toBeNull();
  screens.dispose();
});

test('panes of two projects that are awaited at once all get their screens', async () => {
  const answers = new Map<string, (screen: Attachment) => void>();
  const screens = new SessionScreens(async () => host((id) => new Promise((resolve) => answers.set(id, resolve))));
  const first = screens.showSoon(['a'], 5_000);
  const second = screens.showSoon(['b'], 5_000);
  await new Promise((resolve) => setImmediate(resolve));
  expect([...answers.keys()]).toEqual(['a', 'b']);
  for (const answer of answers.values()) answer(attachment());
  await Promise.all([first, second]);
  expect([screens.get('a'), screens.get('b')]).not.toContain(null);
  screens.dispose();
});

test('without panes nobody waits for a host', async () => {
  const screens = new SessionScreens(() => new Promise(() => {}));
  screens.open();
  // Longer than a test may take.
  await expect(screens.showSoon([], 600_000)).resolves.toBeUndefined();
  screens.dispose();
});
