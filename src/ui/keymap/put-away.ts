import type { DashboardModel } from '../app/dashboard-model.ts';
import type { Hands } from './hands.ts';

/** Panes whose program has ended, without those that the person pinned. */
export function endedPanes(model: DashboardModel): string[] {
  const { pinned } = model.state.arrangement;
  return model.panes.flatMap(({ id, endedAt }) => (endedAt === null || pinned.includes(id) ? [] : [id]));
}

/** Panes whose program has ended leave the dashboard, and their sessions the host. */
export function putAway(model: DashboardModel, hands: Hands, panes: readonly string[]): void {
  model.set({ putAway: new Set([...model.state.putAway, ...panes]) });
  for (const pane of panes) hands.forget(pane);
}
