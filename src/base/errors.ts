/**
 * Every way an operation can fail that a person should read about: the exit status of the command, and the next step.
 * The message is given where the error is thrown, since only that place knows the names; `next` here is the default.
 * `docs/reference/errors.md` is generated from this table.
 */
export const errorTable = {
  'usage.invalid': { exit: 2, next: 'See: forge --help' },
  'config.invalid': { exit: 2, next: 'Correct the value in that file; forge config shows what is in force.' },
  'home.unusable': { exit: 1, next: 'Set FORGE_HOME to a folder that you may write.' },
  'repository.missing': { exit: 1, next: 'Run it inside a git repository, or make one: git init' },
  'repository.unusable': { exit: 1, next: 'Run it in a checkout with a working tree and at least one commit.' },
  'git.missing': { exit: 1, next: 'Install git 2.30 or newer and put it on PATH.' },
  'git.failed': { exit: 1, next: 'Run the git command that is named by hand to see more.' },
  'git.identity': { exit: 1, next: 'Tell it: git config --global user.name NAME; git config --global user.email MAIL' },
  'codeHost.failed': { exit: 1, next: 'Run that program by hand: docs/guide/delivery.md says what it is asked.' },
  'project.missing': { exit: 3, next: 'Set it up here: forge init (or forge init --stealth)' },
  'project.exists': { exit: 4, next: 'Nothing to do. forge tui opens the dashboard.' },
  'prefix.taken': { exit: 4, next: 'Choose another one: forge init --prefix PREFIX' },
  'task.missing': { exit: 3, next: 'See the tasks: forge task list' },
  'task.cycle': { exit: 4, next: 'Remove one of the dependencies in the circle: forge task dep remove' },
  'task.running': { exit: 4, next: 'See the run: forge runs. End it with: forge cancel RUN' },
  'task.closed': { exit: 4, next: 'Open it again: forge task reopen' },
  'task.claimed': { exit: 4, next: 'See what is free: forge task ready. Take a claim back: forge task release' },
  'undo.nothing': { exit: 3, next: 'See what was changed: forge task history ID' },
  'undo.changed': { exit: 4, next: 'See who changed it: forge task history ID. Change it by hand: forge task edit ID' },
  'import.invalid': { exit: 2, next: 'Nothing was imported. Mend the file, or say what it is with --format.' },
  'filter.missing': { exit: 3, next: 'See the saved filters: forge task filter list' },
  'worker.missing': { exit: 3, next: 'See the workers: forge worker list' },
  'worker.busy': { exit: 4, next: 'Choose another worker, or leave the name out and Forge takes an idle one.' },
  'agent.missing': { exit: 3, next: 'See which agents are found: forge agent list' },
  'agent.unable': { exit: 4, next: 'Start another task instead: forge task add. See docs/guide/agents.md' },
  'adapter.broken': { exit: 1, next: 'Check it: forge agent check NAME' },
  'adapter.unfit': { exit: 1, next: 'What each check asks for: docs/guide/write-an-adapter.md' },
  'batch.missing': { exit: 3, next: 'See the batches: forge batch list' },
  'batch.exists': { exit: 4, next: 'Put tasks into it: forge batch add NAME TASK' },
  'batch.taken': { exit: 4, next: 'A task is in one batch at most. Take it out first: forge batch remove NAME TASK' },
  'worktree.missing': { exit: 3, next: 'See the worktrees: forge worktree list' },
  'worktree.kept': { exit: 4, next: 'See why each one stays: forge worktree prune --dry-run' },
  'gate.missing': { exit: 3, next: 'See the gates of a run: forge gate list RUN' },
  'budget.spent': { exit: 5, next: 'See the budgets: forge budget list. Grant more: forge budget grant' },
  'run.missing': { exit: 3, next: 'See the runs: forge runs' },
  'run.state': { exit: 4, next: 'See what it does: forge run show RUN' },
  'run.ended': { exit: 4, next: 'Start the task again: forge dispatch TASK' },
  'review.missing': { exit: 3, next: 'See the comments and their numbers: forge review RUN' },
  'review.place': { exit: 3, next: 'See the lines that can be commented: forge run diff RUN' },
  'review.sent': { exit: 4, next: 'Say more with another comment: forge review RUN add FILE:LINE TEXT' },
  'review.empty': { exit: 4, next: 'Comment first: forge review RUN add FILE:LINE TEXT' },
  'checkpoint.missing': { exit: 3, next: 'See what there is: forge checkpoint list RUN, forge worktree restore' },
  'session.missing': { exit: 3, next: 'See the sessions: forge session list' },
  'session.ended': { exit: 4, next: 'Start the task again: forge dispatch TASK' },
  'session.shell': { exit: 4, next: 'Type into it yourself: forge session attach ID' },
  'session.waiting': { exit: 5, next: 'Answer it first: forge session attach ID' },
  'message.missing': { exit: 3, next: 'See the prompts that were sent: forge session messages' },
  'message.typed': { exit: 4, next: 'It cannot be taken back any more. See: forge session messages' },
  'message.failed': { exit: 1, next: 'See what became of it: forge session messages' },
  'message.late': {
    exit: 1,
    next: 'It goes on its way. See: forge session messages; take it back: forge session unsend ID',
  },
  'file.exists': { exit: 4, next: 'Choose another name, or say --force to replace it.' },
  'recording.missing': { exit: 3, next: 'Sessions are recorded unless transcripts.record is false: forge config' },
  'recording.unreadable': { exit: 1, next: 'Give an asciicast file of version 2, or the id of a session.' },
  'backup.missing': { exit: 3, next: 'See the backups: forge backup list; of batches: forge backup list --batches' },
  'restore.live': { exit: 4, next: 'Let them end, or cancel them: forge runs. With --force it is done all the same.' },
  'spawn.failed': { exit: 1, next: 'Check the command of that agent in .forge/config.yaml.' },
  'socket.unsafe': { exit: 1, next: 'Remove that path, or set FORGE_HOME to a folder that is yours alone.' },
  'host.unreachable': { exit: 1, next: 'See its log: forge host status' },
  'supervisor.unreachable': { exit: 1, next: 'See its log: forge host status' },
  'protocol.mismatch': { exit: 1, next: 'Run: forge host restart. Agents go on.' },
  'store.newer': { exit: 1, next: 'Install the newer Forge that wrote it; nothing was changed.' },
  'store.older': { exit: 1, next: 'Run any command of this Forge there, such as forge runs: it brings it up to date.' },
  'store.broken': {
    exit: 1,
    next: 'Put the newest backup in its place: forge restore. Or keep what can be read of it: forge doctor --fix',
  },
  'editor.failed': {
    exit: 1,
    next: 'Set VISUAL or EDITOR to an editor that runs until the file is closed, such as vi, nano or “code --wait”.',
  },
  'editor.unmended': { exit: 1, next: 'Mend it there, then copy it into: forge task edit' },
  'terminal.missing': { exit: 1, next: 'Run it in a terminal; forge runs and forge task list work without one.' },
  'terminal.small': { exit: 1, next: 'Make the window larger.' },
  internal: { exit: 1, next: 'This is a fault in Forge; the log has the details.' },
} as const satisfies Record<string, { exit: number; next: string }>;

export type ErrorCode = keyof typeof errorTable;

/** An outcome that a person should read: what happened and why (`message`), and what to do (`next`). Never a bug. */
export class ForgeError extends Error {
  readonly code: ErrorCode;
  readonly next: string;

  constructor(code: ErrorCode, message: string, options: { next?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ForgeError';
    this.code = code;
    this.next = options.next ?? errorTable[code].next;
  }

  /** The exit status of a command that ends with this error. */
  get exitCode(): number {
    return errorTable[this.code].exit;
  }

  /** What happened and what to do, for one line. */
  get sentence(): string {
    return `${endSentence(this.message)} ${this.next}`;
  }

  toJSON(): { code: ErrorCode; message: string; next: string } {
    return { code: this.code, message: this.message, next: this.next };
  }
}

/** The text with a full stop, unless it has an end of its own. */
export function endSentence(text: string): string {
  return /[.!?)]$/.test(text) ? text : `${text}.`;
}

/** Any thrown value as a `ForgeError`; what is not one already is a fault of Forge itself, code `internal`. */
export function asForgeError(thrown: unknown): ForgeError {
  if (thrown instanceof ForgeError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new ForgeError('internal', message, { cause: thrown });
}

/** An outcome that a person should read; anything else that was thrown is thrown on. */
export function knownError(thrown: unknown): ForgeError {
  if (thrown instanceof ForgeError) return thrown;
  throw thrown;
}

/** An error that crossed a process as its JSON form. An unknown code (a newer peer) becomes `internal`. */
export function reviveForgeError(value: { code: string; message: string; next?: string }): ForgeError {
  const code = Object.hasOwn(errorTable, value.code) ? (value.code as ErrorCode) : 'internal';
  return new ForgeError(code, value.message, value.next === undefined ? {} : { next: value.next });
}
