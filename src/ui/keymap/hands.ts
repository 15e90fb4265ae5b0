import type { Editor } from '../../app/edit-task.ts';
import type { Disposable } from '../../base/disposable.ts';
import type { LogLine } from '../app/asked.ts';
import type { ThemeName } from '../theme.ts';

/** What an action may do beyond the model. */
export interface Hands {
  quit(): void;
  /** Types a key, given in its ordinary form, into a session; says so when it cannot. */
  send(session: string, key: string): void;
  /** Ends its program. */
  end(session: string): void;
  forget(session: string): void;
  /** Takes the pane into copy mode and does there what the keys of these ids do. */
  scrollBack(session: string, ids: readonly string[]): void;
  /** All projects, or the one where the selection is alone. */
  switchProjects(): void;
  /** Types what was copied last into the session. */
  paste(session: string): void;
  leaderBytes: string;
  /** The program of the thread that knows the colours of languages; left out: nothing is coloured. */
  highlighter?: URL;
  /** For what is drawn beside Ink; left out: the colours of the terminal. */
  theme?: ThemeName;
  /** The person's editor, which has the terminal meanwhile. */
  edit: Editor;
  /** Tells the newest lines of Forge's own logs, and then each that is written, until disposed. */
  followLogs(tell: (lines: LogLine[]) => void): Disposable;
}
