import type { AppClient } from '../../app/client.ts';
import { type Disposable, disposable } from '../../base/disposable.ts';
import type { DashboardModel } from '../app/dashboard-model.ts';

/** How often a view asks anew for what is not sent to it by itself, in ms. */
const everyMs = 2_000;

/** Asks now and again, until disposed. */
export function askAgain<T>(
  model: DashboardModel,
  question: (client: AppClient) => Promise<T>,
  tell: (answer: T) => void,
): Disposable {
  let isOver = false;
  let timer: NodeJS.Timeout | undefined;
  const ask = async () => {
    const answer = model.state.connection === 'live' ? await model.ask(question) : null;
    if (isOver) return;
    timer = setTimeout(() => void ask(), everyMs);
    if (answer !== null) tell(answer);
  };
  void ask();
  return disposable(() => {
    isOver = true;
    clearTimeout(timer);
  });
}
