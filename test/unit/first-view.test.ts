import { expect, test } from 'vitest';
import type { AppClient } from '../../src/app/client.ts';
import type { ProjectView } from '../../src/app/views/project-view.ts';
import type { Attachment, SessionHost } from '../../src/ports/session-host.ts';
import { DashboardModel } from '../../src/ui/app/dashboard-model.ts';
import { ProjectFeeds } from '../../src/ui/app/project-feeds.ts';
import { SessionScreens } from '../../src/ui/app/session-screens.ts';
import { projectView } from '../support/project-view.ts';

const silent = { onClose: () => ({ dispose() {} }), dispose() {} };

/** Tells a view at once when it is watched. */
const client = {
  ...silent,
  watch: async (listener: (view: Partial<ProjectView>) => void) => {
    listener(projectView({}));
    return { dispose() {} };
  },
} as unknown as AppClient;

const typedAt = () => Number.NEGATIVE_INFINITY;

test('a first view that has come is waited for until it can be shown', async () => {
  const model = new DashboardModel();
  const screens = Promise.withResolvers<void>();
  let isWaitedFor = true;
  const feeds = new ProjectFeeds({ model, connect: async () => client, beforeShown: () => screens.promise, typedAt });
  feeds.show(['/p']);
  const first = feeds.firstShown(0).then(() => {
    isWaitedFor = false;
  });
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(isWaitedFor).toBe(true);
  screens.resolve();
  await first;
  expect(model.views).toHaveLength(1);
  feeds.dispose();
  model.dispose();
});

test('one that does not come is not', async () => {
  const model = new DashboardModel();
  const feeds = new ProjectFeeds({
    ...{ model, typedAt, beforeShown: async () => {} },
    connect: () => new Promise<AppClient>(() => {}),
  });
  feeds.show(['/p']);
  await feeds.firstShown(1);
  expect(model.views).toHaveLength(0);
  feeds.dispose();
  model.dispose();
});

test('a host is reached for the first screen, and once', async () => {
  const reached = Promise.withResolvers<SessionHost>();
  let asked = 0;
  const screens = new SessionScreens(() => {
    asked += 1;
    return reached.promise;
  });
  screens.show([]);
  expect(asked).toBe(0);
  const attachment = { onCopy: () => ({ dispose() {} }), dispose() {} } as unknown as Attachment;
  const shown = screens.showSoon(['a'], 5_000);
  expect(asked).toBe(1);
  screens.open();
  expect(asked).toBe(1);
  expect(screens.isComing('a')).toBe(true);
  reached.resolve({ ...silent, attach: async () => attachment } as unknown as SessionHost);
  await shown;
  expect(screens.get('a')).toBe(attachment);
  screens.dispose();
});
