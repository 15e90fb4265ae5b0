import type { Disposable } from '../base/disposable.ts';
import type { InputMark, SessionFacts, SessionSpec } from '../domain/session.ts';
import type { Screen, ScrollbackScreen } from './screen.ts';

/** One viewer's live connection to a session. */
export interface Attachment extends Disposable {
  readonly session: string;
  /** Follows the program; already holds the present screen when the attachment is given. Its size is the session's. */
  readonly screen: Screen;
  /** The screen may have changed. Called at most once a turn of the event loop. */
  onChange(listener: () => void): Disposable;
  /** A line left the top of the screen; null: more than one may have, output was skipped. */
  onScroll(listener: (lines: 1 | null) => void): Disposable;
  /** The program would put this text on the clipboard. Nothing does it unless a listener decides so. */
  onCopy(listener: (text: string) => void): Disposable;
  /** The session ended or the host went away; the screen keeps its last state. */
  onEnd(listener: () => void): Disposable;
  /** Bytes as a keyboard would send them. */
  send(data: Uint8Array | string): void;
  /** Asks for a new size, unless it has that and is asked for no other. The newest request of any viewer wins; every viewer's screen follows. */
  resize(cols: number, rows: number): void;
}

export type ScreenFormat = 'text' | 'ansi';

export interface HostStatus {
  pid: number;
  version: string;
  protocol: number;
  startedAt: number;
  sessions: number;
}

/** Where the recording of a session is, with all of its output so far; the folder is missing when nothing was recorded. */
export interface RecordingPlace {
  folder: string;
  /** The present size of the session. */
  cols: number;
  rows: number;
  isEnded: boolean;
}

/** The session host, as its clients see it. Every promise rejects with a `ForgeError` when the host cannot be reached. */
export interface SessionHost extends Disposable {
  /** Starts the session unless one of that id exists, alive or ended; gives its facts. Safe to repeat. */
  ensure(spec: SessionSpec): Promise<SessionFacts>;
  list(): Promise<SessionFacts[]>;
  /** Bytes as a keyboard would send them: of a person, or of Forge itself when they are marked. */
  send(id: string, data: Uint8Array | string, mark?: InputMark): Promise<void>;
  /** The visible screen: plain rows joined by line feeds, or the same with SGR attributes. */
  screen(id: string, format: ScreenFormat): Promise<string>;
  /**
   * All lines of the session that are kept, the newest 20,000 at most, with the present screen as the last; also of an ended
   * session. Of a full-screen program, which has no lines: the rows that left its screen. Disposed by the caller.
   */
  history(id: string): Promise<ScrollbackScreen>;
  /**
   * Tells the lines of the session as text, first those that are kept and then each when the program has gone on to the next.
   * Resolves when the session has ended. Rejects with `recording.missing` when it is not recorded.
   */
  follow(id: string, listener: (lines: string[]) => void): Promise<void>;
  recording(id: string): Promise<RecordingPlace>;
  /** Ends the whole tree of processes: TERM, then KILL after `graceMs`. Of a session that has ended: what it left. */
  kill(id: string, options?: { graceMs?: number }): Promise<void>;
  /** Forgets an ended session. A live one is refused with `session.running`-like conflict. */
  forget(id: string): Promise<void>;
  attach(id: string, size: { cols: number; rows: number } | null): Promise<Attachment>;
  /** Facts of every session now, and of each one again when they change, at most some ten times a second a session. */
  watch(listener: (facts: SessionFacts) => void): Promise<Disposable>;
  status(): Promise<HostStatus>;
  /** Ends the host. With live sessions refused unless `force`d; then they end too. */
  stop(force: boolean): Promise<void>;
  /** Called once when the connection is lost. */
  onClose(listener: () => void): Disposable;
}
