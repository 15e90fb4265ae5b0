import type { Disposable } from '../../base/disposable.ts';
import { plainText } from '../../base/text.ts';
import type { DashboardModel, ShownItem } from './dashboard-model.ts';
import { snoozeKey } from './snoozed.ts';

/** Who waits for so long, in ms, is told of: what passes by itself is no news, and a dashboard that shows it comes first. */
const quietMs = 1_500;

export interface NotifierOptions {
  model: DashboardModel;
  /** The person has the pane of this session in front of them. */
  isSeen(session: string): boolean;
  /** To the person, wherever they are: safe text, on one line. */
  tell(text: string): void;
}

/**
 * Tells the person of each that begins to wait for them: once, in whichever dashboard, and not of what is on the screen or was put
 * off. What waits already when a project is first shown is not told of.
 */
export class Notifier implements Disposable {
  readonly #options: NotifierOptions;
  /** Why each waits, as it was told or is about to be. */
  readonly #known = new Map<string, string>();
  readonly #begun = new Set<string>();
  #pending = new Map<string, ShownItem>();
  #items: readonly ShownItem[] = [];
  #timer: NodeJS.Timeout | null = null;

  constructor(options: NotifierOptions) {
    this.#options = options;
  }

  /** To be called at each change of the model. */
  look(): void {
    const { items, views } = this.#options.model;
    if (items === this.#items) return;
    this.#items = items;
    const waiting = new Map(items.flatMap((item) => (item.phase === 'needs-you' ? [[snoozeKey(item), item]] : [])));
    for (const key of this.#known.keys()) if (!waiting.has(key)) this.#known.delete(key);
    for (const key of this.#pending.keys()) if (!waiting.has(key)) this.#pending.delete(key);
    for (const [key, item] of waiting) {
      const why = whyOf(item);
      if (this.#known.get(key) === why) continue;
      this.#known.set(key, why);
      if (this.#begun.has(item.project)) this.#pending.set(key, item);
    }
    for (const { project } of views) this.#begun.add(project.root);
    void this.#claim((item) => this.#isSeen(item));
    if (this.#pending.size > 0) this.#timer ??= setTimeout(() => void this.#tell(), quietMs);
  }

  async #tell(): Promise<void> {
    this.#timer = null;
    const { waiting } = this.#options.model;
    const isPutOff = (item: ShownItem) => !waiting.some((one) => snoozeKey(one) === snoozeKey(item));
    await this.#claim((item) => this.#isSeen(item) || isPutOff(item));
    const told = await this.#claim(() => true);
    const [first] = told;
    if (!first) return;
    const others = told.length > 1 ? `${told.length} wait for you: ` : '';
    const what = told.length > 1 ? told.map(({ task }) => task.title).join(', ') : `${first.task.title}: ${first.note}`;
    this.#options.tell(plainText(`${others}${what}`));
  }

  /** Takes those that are meant out of what is to be told of; gives those of them that no other dashboard has taken. */
  async #claim(isMeant: (item: ShownItem) => boolean): Promise<ShownItem[]> {
    const meant = [...this.#pending.values()].filter(isMeant);
    for (const item of meant) this.#pending.delete(snoozeKey(item));
    const { model } = this.#options;
    const byProject = [...Map.groupBy(meant, ({ project }) => project)].map(async ([project, items]) => {
      // Told twice rather than never.
      const all = items.map(whyOf);
      const free = await model
        .clientOf(project)
        ?.call('attention.claim', { keys: all })
        .catch(() => all);
      return items.filter((item) => (free ?? all).includes(whyOf(item)));
    });
    return (await Promise.all(byProject)).flat();
  }

  #isSeen({ session }: ShownItem): boolean {
    return session !== null && this.#options.isSeen(session.id);
  }

  dispose(): void {
    if (this.#timer) clearTimeout(this.#timer);
  }
}

/** Work that has come to its end may be called finished first, and then idle. */
function whyOf({ task, run, session, note }: ShownItem): string {
  const { state } = session?.status ?? {};
  const isAtRest = run?.status === 'working' && (state === 'done' || state === 'idle');
  return `${run?.id ?? task.id} ${isAtRest ? 'at rest' : note}`;
}
