import type { AppClient } from '../../app/client.ts';
import type { ProjectView } from '../../app/views/project-view.ts';
import { type Disposable, disposable } from '../../base/disposable.ts';
import type { DashboardModel } from '../app/dashboard-model.ts';

/** How often a view asks anew for what is not sent to it by itself, in ms. */
const everyMs = 2_000;

/** Asks now and again, and at once when what `newsOf` takes from the project's view is another; until disposed. */
export function askAgain<T>(
  model: DashboardModel,
  question: (client: AppClient) => Promise<T>,
  tell: (answer: T) => void,
  newsOf: (view: ProjectView | null) => unknown = () => null,
): Disposable {
  let isOver = false;
  let isAsking = false;
  let known: unknown;
  let timer: NodeJS.Timeout | undefined;
  const isNews = () => newsOf(model.state.view) !== known;
  const ask = async () => {
    clearTimeout(timer);
    isAsking = true;
    known = newsOf(model.state.view);
    const answer = model.state.connection === 'live' ? await model.ask(question) : null;
    isAsking = false;
    if (isOver) return;
    timer = setTimeout(() => void ask(), isNews() ? 0 : everyMs);
    if (answer !== null) tell(answer);
  };
  const unsubscribe = model.subscribe(() => {
    if (!isAsking && isNews()) void ask();
  });
  void ask();
  return disposable(() => {
    isOver = true;
    unsubscribe();
    clearTimeout(timer);
  });
}
