import { afterEach, expect, test, vi } from 'vitest';
import type { AppClient } from '../../src/app/client.ts';
import type { ProjectView } from '../../src/app/views/project-view.ts';
import { DashboardModel } from '../../src/ui/app/dashboard-model.ts';
import { ProjectFeeds } from '../../src/ui/app/project-feeds.ts';
import { projectView } from '../support/project-view.ts';

afterEach(() => vi.useRealTimers());

const held = { dispose() {} };
const never = () => new Promise<AppClient>(() => {});
const typedAt = () => Number.NEGATIVE_INFINITY;

/** Tells a view at once when it is watched. */
const client = {
  onClose: () => held,
  dispose() {},
  async watch(listener: (view: Partial<ProjectView>) => void) {
    listener(projectView({}));
    return held;
  },
} as unknown as AppClient;

test('a first view that has come is waited for until it can be shown', async () => {
  const model = new DashboardModel();
  const screens = Promise.withResolvers<void>();
  let isWaitedFor = true;
  const feeds = new ProjectFeeds({ model, connect: async () => client, beforeShown: () => screens.promise, typedAt });
  feeds.show(['/p']);
  const first = feeds.firstShown(0).then(() => {
    isWaitedFor = false;
  });
  // One that waits as long, from later on, and to which nothing comes.
  await new ProjectFeeds({
    model: new DashboardModel(),
    connect: never,
    beforeShown: async () => {},
    typedAt,
  }).firstShown(0);
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
    connect: never,
  });
  feeds.show(['/p']);
  await feeds.firstShown(1);
  expect(model.views).toHaveLength(0);
  feeds.dispose();
  model.dispose();
});

test('a supervisor that goes away while its first view is awaited is connected to again once', async () => {
  vi.useFakeTimers();
  const model = new DashboardModel();
  let connects = 0;
  const leaving = {
    ...client,
    onClose(listener: () => void) {
      queueMicrotask(listener);
      return held;
    },
    watch: () => Promise.reject(new Error('It went away.')),
  } as unknown as AppClient;
  const connect = async () => (++connects === 1 ? leaving : client);
  const feeds = new ProjectFeeds({ model, connect, beforeShown: async () => {}, typedAt });
  feeds.show(['/p']);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(connects).toBe(2);
  expect(model.views).toHaveLength(1);
  feeds.dispose();
  model.dispose();
});
