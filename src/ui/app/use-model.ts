import { createContext, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import type { DashboardModel } from './dashboard-model.ts';
import type { DashboardState } from './state.ts';

export const ModelContext = createContext<DashboardModel | null>(null);

/** The model, and a render whenever it changes. */
export function useModel(): { model: DashboardModel; state: DashboardState } {
  const model = useContext(ModelContext);
  if (!model) throw new Error('A view was rendered outside the dashboard.');
  const state = useSyncExternalStore(model.subscribe, () => model.state);
  return { model, state };
}

/** The time, in ms since the epoch, renewed every `everyMs` while `isActive`. */
export function useNow(everyMs: number, isActive: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!isActive) return;
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs, isActive]);
  return now;
}
