import { execFileSync, spawnSync } from 'node:child_process';

/** Whether there is a tmux to compare with. */
export function hasTmux(): boolean {
  return spawnSync('tmux', ['-V']).status === 0;
}

/** A tmux of its own: no settings of the machine, no status line, and a socket that nobody else knows. */
export class TmuxServer {
  readonly #socket = ['-L', `forge-bench-${process.pid}`, '-f', '/dev/null'];
  readonly #env: Record<string, string>;

  constructor(env: Record<string, string>) {
    this.#env = env;
  }

  /** A session of `panes` tiled panes, each with `command`; the command line that attaches to it. */
  newSession(name: string, command: string, panes: number): string[] {
    // A server lives as long as it has a session, and settings are made on a server: one that does nothing holds it.
    this.#tmux('new-session', '-d', '-s', `${name}-holder`, 'cat');
    this.#tmux('set', '-g', 'history-limit', '2000');
    this.#tmux('set', '-s', 'escape-time', '0');
    this.#tmux('set', '-g', 'status', 'off');
    this.#tmux('new-session', '-d', '-x', '200', '-y', '60', '-s', name, command);
    for (let n = 1; n < panes; n++) {
      this.#tmux('split-window', '-t', name, command);
      this.#tmux('select-layout', '-t', name, 'tiled');
    }
    return ['tmux', ...this.#socket, 'attach', '-t', name];
  }

  dispose(): void {
    spawnSync('tmux', [...this.#socket, 'kill-server'], { env: this.#env });
  }

  #tmux(...args: string[]): void {
    execFileSync('tmux', [...this.#socket, ...args], { env: this.#env });
  }
}
