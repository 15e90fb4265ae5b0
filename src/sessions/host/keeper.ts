import { type ChildProcess, spawn } from 'node:child_process';
import { startTimeOf } from '../../processes/end-tree.ts';

/**
 * Arguments: its folder. Descriptor 0: the host; 3: the terminal. It waits for a word of the host that it can go; when the host
 * dies instead, it makes the FIFOs `in`, `out` and `control` and does what the next host writes to `control`:
 *
 *     relay [NODE]          starts to copy the terminal's output to `out` and `in` to the terminal; NODE makes it block first
 *     resize cols C rows R
 *     end                   goes, and with it the terminal
 *
 * It holds each FIFO open for both directions, so that no host that dies breaks a copy and nothing in a FIFO is lost. `gone`
 * it tells itself: from then on `out` ends after what is in it. `cat` cannot wait on a descriptor that does not block, and no
 * standard program can make one block: hence NODE, for some 40 ms.
 */
const script = `
trap '' HUP INT QUIT
read -r word
[ "$word" = end ] && exit
umask 077
mkdir -p "$1" && cd "$1" || exit
rm -f in out new control relaying
mkfifo in out new || exit
exec 4<>out 5<>in 6<>new <&6
mv new control
while read -r verb rest; do
  case $verb in
  relay)
    [ -e relaying ] && continue
    [ "$rest" ] && "$rest" -e 'new (require("tty").WriteStream)(3)' </dev/null >/dev/null 2>&1 4>&- 5>&- 6>&-
    { cat <&3 >&4 3>&- 4>&- 5>&- 6>&-; echo gone >&6; } 2>/dev/null 5>&- &
    cat <in >&3 2>/dev/null 3>&- 4>&- 5>&- 6>&- &
    : >relaying ;;
  resize) stty $rest <&3 ;;
  gone) exec 7<out 4>&- ;;
  end) break ;;
  esac
done
rm -f in out control relaying
cd / && rmdir "$1"
trap '' TERM
kill 0
`;

/** Where the standard programs are, the last on NixOS: not those that a person's PATH may put before them. */
const standardPath = '/usr/bin:/bin:/run/current-system/sw/bin';

/** By what the next host finds a keeper. */
export interface KeeperIdentity {
  pid: number;
  startTime: string | null;
}

/** A process of a few kilobytes that has a session's terminal open too, so that the terminal outlives the host. */
export class Keeper {
  /** Null when no process could be started: the session then ends with its host. */
  readonly identity: KeeperIdentity | null;
  readonly #process: ChildProcess;

  constructor(terminal: number, folder: string) {
    this.#process = spawn('/bin/sh', ['-c', script, 'forge-keeper', folder], {
      cwd: '/',
      env: { PATH: standardPath },
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore', terminal],
    });
    // It may end before it is told to: its session goes on.
    this.#process.on('error', () => {});
    this.#process.stdin?.on('error', () => {});
    this.#process.unref();
    const { pid } = this.#process;
    this.identity = pid === undefined ? null : { pid, startTime: startTimeOf(pid) };
  }

  /** The program has ended. */
  end(): void {
    this.#process.stdin?.end('end\n');
  }
}
