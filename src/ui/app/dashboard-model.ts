import type { AppClient } from '../../app/client.ts';
import type { ProjectView } from '../../app/views/project-view.ts';
import { type WorkItem, workerItems, workItems } from '../../app/views/work-items.ts';
import type { Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import { asForgeError } from '../../base/errors.ts';
import type { SessionView } from '../../domain/session.ts';
import { isShell } from '../../domain/shell.ts';
import { Clients } from './clients.ts';
import { type Listing, Listings } from './listing.ts';
import { paneSessions } from './pane-layout.ts';
import { waitingItems } from './snoozed.ts';
import { type DashboardState, initialState, type Message, type ShownProject } from './state.ts';
import { firstPlace, type Line, type Place } from './view.ts';

/** How long a message stays on the last line, in ms. A bad one stays until the next key. */
const messageMs = 6_000;

/** Ages in lists are renewed this often, in ms. */
export const ageMs = 5_000;

/** What the rows and the panes are made of. */
const derivedFrom = ['view', 'putAway', 'projects', 'arrangement'] as const;

/** A task with the checkout of its project. */
export interface ShownItem extends WorkItem {
  project: string;
}

/** A row of the list on the left that can be selected. `project`: the checkout of its project. */
export type ListRow = { key: string; project: string } & (
  | { kind: 'worker'; name: string; item: ShownItem | null; problem: string | null; agent: string }
  | { kind: 'task'; item: ShownItem }
);

/** What the dashboard knows and what was chosen in it. Views read it; actions change it. No terminal, no React. */
export class DashboardModel implements Disposable {
  readonly #changes = new Emitter<void>();
  #state: DashboardState;
  #rows: ListRow[] = [];
  #items: ShownItem[] = [];
  #panes: SessionView[] = [];
  readonly #clients = new Clients();
  /** Of projects that are shown besides the one where the selection is, by their checkouts. */
  readonly #otherViews = new Map<string, ProjectView>();
  readonly #itemsOf = new WeakMap<ProjectView, ShownItem[]>();
  #messageTimer: NodeJS.Timeout | null = null;
  readonly #listings = new Listings();
  readonly #folded = new Map<string, Set<string>>();
  /** Rows of the list that is shown, for whoever moves by pages. */
  pageRows = 10;
  /** When another line was selected because the one before went, in ms since the epoch. */
  lineMovedAt = 0;

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

  get items(): readonly ShownItem[] {
    return this.#items;
  }

  /** Those that need somebody and were not put off, the most urgent first. */
  get waiting(): readonly ShownItem[] {
    return waitingItems(this.#items, this.#state.snoozed);
  }

  /** Of each project that is shown, as far as they have come; in the order of the list. */
  get views(): readonly ProjectView[] {
    const { projects, view } = this.#state;
    if (projects === null) return view ? [view] : [];
    return projects.flatMap(({ root }) => this.viewOf(root) ?? []);
  }

  /** Standing problems; of several projects each with its name. */
  get problems(): readonly string[] {
    const { projects, view, problems } = this.#state;
    if (projects === null) return [...(view?.problems ?? []), ...problems];
    const told = projects.flatMap(({ root, name, problem }) =>
      [...(problem === null ? [] : [problem]), ...(this.viewOf(root)?.problems ?? [])].map(
        (text) => `${name}: ${text}`,
      ),
    );
    return [...told, ...problems];
  }

  viewOf(root: string | undefined): ProjectView | null {
    const { view } = this.#state;
    return view?.project.root === root ? view : (this.#otherViews.get(root ?? '') ?? null);
  }

  /** The sessions that have a pane, in their order. */
  get panes(): readonly SessionView[] {
    return this.#panes;
  }

  get selectedRow(): ListRow | null {
    return this.#rows.find((row) => row.key === this.#state.selected) ?? null;
  }

  /** The list of the view that is shown; null while the panes are, and until there is something to show. */
  get listing(): Listing | null {
    const { showing, asked, snoozed } = this.#state;
    const { views } = this;
    if (!showing || views.length === 0) return null;
    const now = Math.floor(Date.now() / ageMs) * ageMs;
    return this.#listings.of(showing, { views, items: this.#items, asked, snoozed, now }, this.place);
  }

  /** Where one is in the view that is shown. */
  get place(): Place {
    return this.#state.places[this.#state.showing?.id ?? ''] ?? firstPlace;
  }

  /** The selected line of the view that is shown. */
  get line(): Line | null {
    const { listing } = this;
    return listing?.lines[listing.cursor] ?? null;
  }

  /** Moves or changes the list of the view that is shown. */
  setPlace(patch: Partial<Place>): void {
    const { showing, places } = this.#state;
    if (showing) this.set({ places: { ...places, [showing.id]: { ...this.place, ...patch } } });
  }

  get selectedPane(): SessionView | null {
    if (this.#state.showing) return this.#panes.find((pane) => pane.id === this.current?.session?.id) ?? null;
    return this.#panes.find((pane) => pane.id === this.#state.pane) ?? null;
  }

  /** The arrow keys go along the panes. */
  get isInPanes(): boolean {
    const { zone, showing, review } = this.#state;
    return zone === 'panes' && showing === null && review === null;
  }

  /** The task that an action means: that of the run that is reviewed, of the selected line or row, or of the selected pane. */
  get current(): ShownItem | null {
    const { review, view } = this.#state;
    if (review !== null) {
      const task = view?.runs.find(({ id }) => id === review)?.task;
      return this.#itemOfLine({ task, project: view?.project.root, run: review });
    }
    if (this.#state.showing) return this.line && this.#itemOfLine(this.line);
    if (this.#state.zone === 'list') return this.selectedRow?.item ?? null;
    const pane = this.selectedPane;
    return (pane && this.itemOf(pane)) ?? null;
  }

  /** The task that a session works on, or beside which it is a shell. */
  itemOf({ labels }: SessionView): ShownItem | null {
    const isOf = ({ task, run, project }: ShownItem) =>
      (isShell({ labels }) ? task.id === labels.task : run?.id === labels.run) &&
      (this.#state.projects === null || labels.project === project);
    return this.#items.find(isOf) ?? null;
  }

  /** Files that are folded in the review of a run, as long as the dashboard is open; changed by the review. */
  foldedIn(run: string): Set<string> {
    const folded = this.#folded.get(run) ?? new Set();
    this.#folded.set(run, folded);
    return folded;
  }

  /** The live session that a prompt would go to: that of the selected pane, task or worker. A shell gets none. */
  get target(): SessionView | null {
    const session = this.isInPanes ? this.selectedPane : (this.current?.session ?? null);
    return session?.endedAt === null && !isShell(session) ? session : null;
  }

  subscribe = (listener: () => void): (() => void) => {
    const held = this.#changes.on(listener);
    return () => held.dispose();
  };

  set(patch: Partial<DashboardState>): void {
    const before = { rows: this.#rows, panes: this.#panes };
    // A pane that gets the keyboard is shown.
    const isToPanes = patch.isTyping === true || patch.zone === 'panes';
    this.#state = { ...this.#state, ...(isToPanes && { showing: null }), ...patch };
    if (derivedFrom.some((key) => key in patch)) this.#derive();
    this.#keepSelection(before);
    this.#keepLine();
    this.#followSelection();
    this.#changes.emit();
  }

  say(text: string, tone: Message['tone'] = 'info'): void {
    if (this.#messageTimer) clearTimeout(this.#messageTimer);
    this.#messageTimer = tone === 'bad' ? null : setTimeout(() => this.set({ message: null }), messageMs);
    this.set({ message: { text, tone } });
  }

  /**
   * Takes in the slices of a project that the supervisor sent: at first all, but for the sessions where no host was reached
   * yet. `root`: of which, where several are shown.
   */
  receive(slices: Partial<ProjectView>, root = this.#state.view?.project.root): void {
    const { view, projects } = this.#state;
    const isCurrent = view === null || view.project.root === root;
    // News of one that is not shown any more.
    if (!isCurrent && projects === null) return;
    const told = { ...(this.viewOf(root) ?? { sessions: [] }), ...slices } as ProjectView;
    if (!isCurrent) this.#otherViews.set(told.project.root, told);
    else this.#otherViews.delete(told.project.root);
    this.set({
      ...(isCurrent && { view: told }),
      projects: projects && withProblem(projects, told.project.root, null),
      connection: 'live',
    });
  }

  /** Says why nothing of a project can be shown: in its place where several are. */
  fail(root: string, problem: string): void {
    const { projects } = this.#state;
    if (projects === null) this.say(problem, 'bad');
    else this.set({ projects: withProblem(projects, root, problem) });
  }

  /** Shows these projects from now on, each as soon as it is told; null: the one where the selection is, alone. */
  show(projects: readonly ShownProject[] | null): void {
    const isShown = (root: string) => projects?.some((project) => project.root === root) ?? false;
    for (const root of this.#otherViews.keys()) if (!isShown(root)) this.#otherViews.delete(root);
    const { view } = this.#state;
    this.set({ projects, view: projects === null || (view && isShown(view.project.root)) ? view : null });
  }

  /** The client that actions use in a project; null while the supervisor is away. */
  connect(client: AppClient | null, root = ''): void {
    this.#clients.set(root, client);
    this.set({ connection: client ? 'live' : 'lost' });
  }

  /** Null while the supervisor is away. */
  clientOf(project: string): AppClient | null {
    return this.#clients.of(project);
  }

  /** Asks the application, of the project where the selection is; what goes wrong is said on the last line, and gives null. */
  async ask<T>(question: (client: AppClient) => Promise<T>): Promise<T | null> {
    const root = () => this.#state.view?.project.root;
    const asked = root();
    const client = this.#clients.of(asked) ?? (await this.#clients.reached(() => asked ?? root(), this.subscribe));
    if (!client) {
      this.say('The supervisor cannot be reached yet; try once more in a moment.', 'bad');
      return null;
    }
    try {
      return await question(client);
    } catch (failure) {
      const { sentence } = asForgeError(failure);
      this.say(sentence, 'bad');
      return null;
    }
  }

  /** With the run that the line tells of, which may be an older one. */
  #itemOfLine({ task, project, run }: Pick<Partial<Line>, 'task' | 'project' | 'run'>): ShownItem | null {
    const isOf = (item: ShownItem) => item.task.id === task && (project === undefined || item.project === project);
    const item = this.#items.find(isOf) ?? null;
    if (!item || run === undefined || item.run?.id === run) return item;
    const view = this.viewOf(item.project);
    const older = view?.runs.find(({ id }) => id === run) ?? null;
    return { ...item, run: older, session: view?.sessions.find(({ id }) => id === older?.session) ?? null };
  }

  #derive(): void {
    const { views } = this;
    this.#items = views.flatMap((view) => this.#itemsIn(view));
    const taken = new Set<string>();
    this.#rows = views.flatMap((view) => this.#rowsOf(view, taken));
    this.#panes = paneSessions(
      views.flatMap(({ sessions }) => sessions),
      this.#state.putAway,
      this.#state.arrangement,
    );
  }

  /** Made once for a view: what one project tells makes nothing anew of the others. */
  #itemsIn(view: ProjectView): ShownItem[] {
    const known = this.#itemsOf.get(view);
    const items = known ?? workItems(view).map((item) => ({ ...item, project: view.project.root }));
    if (!known) this.#itemsOf.set(view, items);
    return items;
  }

  /** `taken`: keys of rows before them; two clones of one project have tasks of the same ids. */
  #rowsOf(view: ProjectView, taken: Set<string>): ListRow[] {
    const { root: project, name } = view.project;
    const place = this.#state.projects === null ? '' : `${name}/`;
    const items = this.#itemsIn(view);
    const workers = workerItems(view, items).map(({ worker, item }) => ({
      ...{ key: `worker:${place}${worker.name}`, project, kind: 'worker' as const },
      ...{ name: worker.name, agent: worker.agent, problem: worker.problem, item },
    }));
    const tasks = items.map((item) => {
      const key = taken.has(item.task.id) ? `${place}${item.task.id}` : item.task.id;
      taken.add(key);
      return { key, project, kind: 'task' as const, item };
    });
    return [...workers, ...tasks];
  }

  /** The view is that of the project where the selection is; not while a dialog or a review speaks of another. */
  #followSelection(): void {
    const { projects, dialog, review, view } = this.#state;
    if (projects === null || dialog !== null || review !== null) return;
    const selected = this.#selectedProject;
    const next = this.#otherViews.get(selected ?? '');
    if (!next) return;
    this.#otherViews.delete(next.project.root);
    if (view) this.#otherViews.set(view.project.root, view);
    this.#state = { ...this.#state, view: next };
  }

  get #selectedProject(): string | undefined {
    if (this.#state.showing) return this.line?.project;
    return this.isInPanes ? this.selectedPane?.labels.project : this.selectedRow?.project;
  }

  /**
   * What was selected and is gone gives way to the first, a pane to the one before it; typing into a pane that is gone ends. What has not come yet (a task
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
      const index = before.panes.findIndex((session) => session.id === pane);
      const next = this.#panes[Math.min(Math.max(0, index - 1), this.#panes.length - 1)];
      const lost = { pane: next?.id ?? null, isTyping: false };
      const grid = this.#panes.length === 0 ? { zone: 'list' as const, isZoomed: false } : {};
      this.#state = { ...this.#state, ...lost, ...grid };
    }
  }

  /** The selected line stays that, wherever it comes to stand; when it goes, the one in its place is selected and stays. */
  #keepLine(): void {
    const { listing, line, place } = this;
    const { showing, places } = this.#state;
    if (!showing || !listing || !line) return;
    if (line.key === place.selected && listing.cursor === place.index) return;
    if (line.key !== place.selected && place.selected !== null) this.lineMovedAt = Date.now();
    const kept = { ...place, selected: line.key, index: listing.cursor };
    this.#state = { ...this.#state, places: { ...places, [showing.id]: kept } };
  }

  dispose(): void {
    if (this.#messageTimer) clearTimeout(this.#messageTimer);
  }
}

function withProblem(projects: readonly ShownProject[], root: string, problem: string | null): ShownProject[] {
  return projects.map((project) => (project.root === root ? { ...project, problem } : project));
}
