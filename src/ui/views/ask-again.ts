import type { AppClient } from '../../app/client.ts';
import { type Disposable, disposable } from '../../base/disposable.ts';
import type { DashboardModel } from '../app/dashboard-model.ts';

/** Answers are asked for anew at most this often, in ms: agents report tokens many times a second. */
const everyMs = 2_000;

/** Asks now, and again whenever what the project shows has changed since, until disposed. */
export function askAgain<T>(
  model: DashboardModel,
  question: (client: AppClient) => Promise<T>,
  tell: (answer: T) => void,
): Disposable {
  let isOver = false;
  let isResting = false;
  let asked: unknown;
  let rest: NodeJS.Timeout | undefined;
  const ask = async () => {
    if (isOver || isResting || asked === model.state.view || model.state.connection !== 'live') return;
    isResting = true;
    asked = model.state.view;
    const answer = await model.ask(question);
    if (isOver) return;
    rest = setTimeout(() => {
      isResting = false;
      void ask();
    }, everyMs);
    if (answer !== null) tell(answer);
  };
  const unsubscribe = model.subscribe(() => void ask());
  void ask();
  return disposable(() => {
    isOver = true;
    unsubscribe();
    clearTimeout(rest);
  });
}
