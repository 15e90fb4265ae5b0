import type { AppClient } from '../../app/client.ts';
import type { ProjectView } from '../../app/views/project-view.ts';
import { type WorkItem, workerItems, workItems } from '../../app/views/work-items.ts';
import type { Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import { asForgeError } from '../../base/errors.ts';
import type { SessionView } from '../../domain/session.ts';
import { paneSessions } from './pane-layout.ts';
import { type DashboardState, initialState, type Message } from './state.ts';

/** How long a message stays on the last line, in ms. A bad one stays until the next key. */
const messageMs = 6_000;

/** A row of the list on the left that can be selected. */
export type ListRow =
  | { key: string; kind: 'worker'; name: string; item: WorkItem | null; problem: string | null; agent: string }
  | { key: string; kind: 'task'; item: WorkItem };

/** What the dashboard knows and what was chosen in it. Views read it; actions change it. No terminal, no React. */
export class DashboardModel implements Disposable {
  readonly #changes = new Emitter<void>();
  #state: DashboardState;
  #rows: ListRow[] = [];
  #items: WorkItem[] = [];
  #panes: SessionView[] = [];
  #client: AppClient | null = null;
  #messageTimer: NodeJS.Timeout | null = null;

  constructor(options: Partial<DashboardState> = {}) {
    this.#state = { ...initialState, ...options };
  }

  get state(): DashboardState {
    return this.#state;
  }

  /** The rows of the list, workers first, then tasks with those that need somebody on top. */
  get rows(): readonly ListRow[] {
    return this.#rows;
  }

  get items(): readonly WorkItem[] {
    return this.#items;
  }

  /** The sessions that have a pane, in the order of the grid. */
  get panes(): readonly SessionView[] {
    return this.#panes;
  }

  get selectedRow(): ListRow | null {
    return this.#rows.find((row) => row.key === this.#state.selected) ?? null;
  }

  get selectedPane(): SessionView | null {
    return this.#panes.find((pane) => pane.id === this.#state.pane) ?? null;
  }

  /** The task that an action means: that of the run that is reviewed, of the selected row, or of the selected pane. */
  get current(): WorkItem | null {
    const { review } = this.#state;
    if (review !== null) return this.#items.find((item) => item.run?.id === review) ?? null;
    if (this.#state.zone === 'list') return this.selectedRow?.item ?? null;
    const run = this.selectedPane?.labels.run;
    return this.#items.find((item) => item.run?.id === run) ?? null;
  }

  /** The live session that a prompt would go to: that of the selected pane, task or worker. */
  get target(): SessionView | null {
    const isPane = this.#state.zone === 'panes' && this.#state.review === null;
    const session = isPane ? this.selectedPane : (this.current?.session ?? null);
    return session?.endedAt === null ? session : null;
  }

  subscribe = (listener: () => void): (() => void) => {
    const held = this.#changes.on(listener);
    return () => held.dispose();
  };

  set(patch: Partial<DashboardState>): void {
    const before = { rows: this.#rows, panes: this.#panes };
    this.#state = { ...this.#state, ...patch };
    if ('view' in patch || 'putAway' in patch) this.#derive();
    this.#keepSelection(before);
    this.#changes.emit();
  }

  say(text: string, tone: Message['tone'] = 'info'): void {
    if (this.#messageTimer) clearTimeout(this.#messageTimer);
    this.#messageTimer = tone === 'bad' ? null : setTimeout(() => this.set({ message: null }), messageMs);
    this.set({ message: { text, tone } });
  }

  /** Takes in the slices that the supervisor sent: at first all, but for the sessions where no host was reached yet. */
  receive(slices: Partial<ProjectView>): void {
    const before = this.#state.view ?? { sessions: [] };
    this.set({ view: { ...before, ...slices } as ProjectView, connection: 'live' });
  }

  /** The client that actions use; null while the supervisor is away. */
  connect(client: AppClient | null): void {
    this.#client = client;
    this.set({ connection: client ? 'live' : 'lost' });
  }

  /** Asks the application; what goes wrong is said on the last line, and gives null. */
  async ask<T>(question: (client: AppClient) => Promise<T>): Promise<T | null> {
    if (!this.#client) {
      this.say('The supervisor is being started again; try once more in a moment.', 'bad');
      return null;
    }
    try {
      return await question(this.#client);
    } catch (failure) {
      const { sentence } = asForgeError(failure);
      this.say(sentence, 'bad');
      return null;
    }
  }

  #derive(): void {
    const { view, putAway } = this.#state;
    if (!view) return;
    this.#items = workItems(view);
    this.#rows = [
      ...workerItems(view, this.#items).map(({ worker, item }) => ({
        key: `worker:${worker.name}`,
        kind: 'worker' as const,
        name: worker.name,
        agent: worker.agent,
        problem: worker.problem,
        item,
      })),
      ...this.#items.map((item) => ({ key: item.task.id, kind: 'task' as const, item })),
    ];
    this.#panes = paneSessions(view.sessions, putAway);
  }

  /**
   * What was selected and is gone gives way to the first; typing into a pane that is gone ends. What has not come yet (a task
   * that was just added, the session that was asked for at the start) is waited for.
   */
  #keepSelection(before: { rows: readonly ListRow[]; panes: readonly SessionView[] }): void {
    const { selected, pane } = this.#state;
    const hasRow = this.#rows.some((row) => row.key === selected);
    if (!hasRow && (selected === null || before.rows.some((row) => row.key === selected))) {
      const first = this.#rows.find((row) => row.kind === 'task') ?? this.#rows[0];
      this.#state = { ...this.#state, selected: first?.key ?? null };
    }
    const hasPane = this.#panes.some((session) => session.id === pane);
    if (!hasPane && (pane === null || before.panes.some((session) => session.id === pane))) {
      const lost = { pane: this.#panes[0]?.id ?? null, isTyping: false };
      const grid = this.#panes.length === 0 ? { zone: 'list' as const, isZoomed: false } : {};
      this.#state = { ...this.#state, ...lost, ...grid };
    }
  }

  dispose(): void {
    if (this.#messageTimer) clearTimeout(this.#messageTimer);
  }
}
