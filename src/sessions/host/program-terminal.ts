/** How a program ended, as far as it is known: both null when nobody who was there can tell. */
export interface ProgramEnd {
  exitCode: number | null;
  signal: number | null;
}

/** The terminal of one program, whether this host made it or took it over from one that died. */
export interface ProgramTerminal {
  readonly pid: number;
  /** That of the program's process, see `startTimeOf`. */
  readonly startTime: string | null;
  /** Where what is typed is written, without blocking. Not to be used once `isClosed`. */
  readonly fd: number;
  readonly isClosed: boolean;
  onData(listener: (bytes: Buffer) => void): void;
  /** Called once, after the last data. */
  onExit(listener: (end: ProgramEnd) => void): void;
  /** May throw when the program has just ended. */
  resize(cols: number, rows: number): void;
  pause(): void;
  resume(): void;
  /** Tells what was read already, then reads nothing more, ever: what comes is left for the next host. */
  leave(): void;
}
