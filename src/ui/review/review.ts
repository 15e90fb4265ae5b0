import type { Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import type { Overlap } from '../../domain/overlap.ts';
import type { ReviewComment, ReviewPlace } from '../../domain/review/review-comment.ts';
import type { DashboardModel } from '../app/dashboard-model.ts';
import type { Hands } from '../keymap/hands.ts';
import type { FileStanding } from './draw-review.ts';
import { findInView } from './find-in-view.ts';
import { ReviewScreen } from './review-screen.ts';
import { ReviewView } from './review-view.ts';

/** Keys that are kept until the diff is there. */
const waitingMax = 50;

/** What is being typed, and what was typed before its field was there. */
export type Field = { typed?: string } & (
  | { kind: 'search' }
  | { kind: 'comment'; place: ReviewPlace }
  | { kind: 'edit'; comment: ReviewComment }
);

/** The review of one run: what it shows, and what is asked of the application for it. */
export class Review implements Disposable {
  readonly run: string;
  readonly view: ReviewView;
  readonly screen: ReviewScreen;
  readonly #model: DashboardModel;
  readonly #changes = new Emitter<void>();
  #comments: ReviewComment[] = [];
  #removed: ReviewComment[] = [];
  #isSending = false;
  #measured = '';
  #isRead = false;
  #waiting: { act: () => void; text: string }[] = [];
  field: Field | null = null;
  /** Null: it is there. */
  problem: string | null = 'reading…';
  /** Grows with all that is shown beside the lines. */
  version = 0;

  constructor(model: DashboardModel, run: string, { highlighter, theme }: Pick<Hands, 'highlighter' | 'theme'>) {
    this.#model = model;
    this.view = new ReviewView(model.foldedIn(run));
    this.screen = new ReviewScreen(this.view, highlighter ?? null, theme ?? 'terminal');
    this.run = run;
    let { cols } = this.view.size;
    // With its size changes what the keys can do.
    this.view.changes.on(() => {
      if (this.view.size.cols === cols) return;
      cols = this.view.size.cols;
      this.#changed();
    });
  }

  subscribe = (listener: () => void): (() => void) => {
    const held = this.#changes.on(listener);
    return () => held.dispose();
  };

  get comments(): readonly ReviewComment[] {
    return this.#comments;
  }

  get unsent(): number {
    return this.#comments.filter(({ sentAt }) => sentAt === null).length;
  }

  get canRestore(): boolean {
    return this.#removed.length > 0;
  }

  /** Does it when the diff is there: keys that are typed ahead are not lost. `text`: what the key types into a field. */
  whenRead(act: () => void, text: string): void {
    if (this.#isRead) act();
    else if (this.#waiting.length < waitingMax) this.#waiting.push({ act, text });
  }

  /** Of the keys that were typed ahead, those behind one that opens a field belong into it. */
  #doWaiting(): void {
    const waiting = this.#waiting.splice(0);
    for (const [index, { act }] of waiting.entries()) {
      act();
      if (this.field === null) continue;
      const typed = waiting.slice(index + 1).map(({ text }) => text);
      this.open({ ...this.field, typed: typed.join('') });
      return;
    }
  }

  /** The files are not what was read any more, as far as that is measured. */
  get isBehind(): boolean {
    const { files } = this.view;
    const sum = (side: 'added' | 'removed') => files.reduce((total, file) => total + file[side], 0);
    const stat = this.#stat();
    return stat !== this.#measured && stat !== `${files.length} ${sum('added')} ${sum('removed')}`;
  }

  async load(): Promise<void> {
    const shown = await this.#model.ask((client) => client.call('review.show', { run: this.run }));
    if (shown) {
      this.#measured = this.#stat();
      this.view.setDiff(shown.diff);
      this.#setComments(shown.comments);
    }
    const isEmpty = this.view.files.length === 0 && this.#comments.length === 0;
    if (!shown && isEmpty) this.problem = this.#model.state.message?.text ?? 'It could not be read.';
    else this.problem = isEmpty ? 'Nothing is changed yet. r reads it again, esc goes back.' : null;
    this.#changed();
    this.#isRead = true;
    this.#doWaiting();
  }

  /** Where other live runs touch the same files. */
  setOverlaps(overlaps: readonly Overlap[]): void {
    const standing = new Map<string, FileStanding>();
    for (const { between, files } of overlaps)
      if (between.includes(this.run))
        for (const { path, conflicts } of files)
          if (standing.get(path) !== 'conflict') standing.set(path, conflicts ? 'conflict' : 'clean');
    this.screen.setStanding(standing);
  }

  open(field: Field | null): void {
    this.field = field;
    this.#changed();
  }

  /** Takes what was typed. It stays in its field when it could not be stored. */
  async take(text: string): Promise<void> {
    const { field } = this;
    if (field?.kind === 'search') {
      this.open(null);
      if (!findInView(this.view, text)) this.#model.say(`${text} stands nowhere in it.`);
      return;
    }
    if (!field || text.trim() === '' || this.#isSending) return;
    this.#isSending = true;
    const stored = await this.#model.ask((client) =>
      field.kind === 'comment'
        ? client.call('review.comment', { run: this.run, ...field.place, text })
        : client.call('review.edit', { run: this.run, id: field.comment.id, text }),
    );
    this.#isSending = false;
    if (!stored) return;
    this.field = null;
    this.view.anchor = null;
    this.#setComments([...this.#comments.filter(({ id }) => id !== stored.id), stored]);
  }

  async remove({ id }: ReviewComment): Promise<void> {
    const removed = await this.#model.ask((client) => client.call('review.remove', { run: this.run, id }));
    if (!removed) return;
    this.#removed.push(removed);
    this.#setComments(this.#comments.filter((comment) => comment.id !== id));
    this.#model.say('The comment is gone; u brings it back.');
  }

  /** Brings the comment back that was removed last. */
  async restore(): Promise<void> {
    const { run, path, side, first, last, quote, text } = this.#removed.pop() as ReviewComment;
    const again = { run, path, side, first, last, quote, text };
    const comment = await this.#model.ask((client) => client.call('review.comment', again));
    if (comment) this.#setComments([...this.#comments, comment]);
  }

  async send(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    const sent = await this.#model.ask((client) => client.call('review.send', { run: this.run }));
    this.#isSending = false;
    if (!sent) return;
    const count = sent.comments === 1 ? '1 comment goes' : `${sent.comments} comments go`;
    const to = sent.run.id === this.run ? sent.run.worker : `a new run, ${sent.run.id}`;
    await this.load();
    this.#model.say(`${count} back to ${to}.`, 'good');
  }

  #stat(): string {
    const run = this.#model.state.view?.runs.find(({ id }) => id === this.run);
    return run ? `${run.filesChanged} ${run.linesAdded} ${run.linesRemoved}` : '';
  }

  #setComments(comments: readonly ReviewComment[]): void {
    this.#comments = comments.toSorted((a, b) => a.id - b.id);
    this.view.setComments(this.#comments);
    this.#changed();
  }

  #changed(): void {
    this.version++;
    this.#changes.emit();
  }

  dispose(): void {
    this.screen.dispose();
  }
}
