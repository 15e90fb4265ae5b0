/**
 * What agents do here, as shell scripts. Each line of work gets a name of its own, and is told to the ledger after it was
 * written: a line that the ledger knows must never be lost. `$1` is the folder of the ledger, `$2` the task's title.
 */
const work = `#!/bin/sh
ledger=$1
echo "$FORGE_RUN $FORGE_SESSION" >>"$ledger/starts"
n=0
put() { n=$((n+1)); echo "$FORGE_SESSION-$n" >>"$1" && echo "$FORGE_RUN $1 $FORGE_SESSION-$n" >>"$ledger/lines"; }
put README.md
mkdir -p "notes of $FORGE_RUN"
put "notes of $FORGE_RUN/untracked.txt"
`;

/** Works for a moment and ends by itself, as its task's title says: with a commit, with status 3, or not at all. */
export const scriptAgent = `${work}
case "$2" in *commits*) git add README.md && git commit -qm "Work of a script" ;; esac
put README.md
sleep 0.$((FORGE_PORT % 3))
put late.txt
case "$2" in
*fails*) exit 3 ;;
*stays*) while :; do sleep 1; done ;;
esac
`;

/** Says that it is done, and does a line of work for each prompt. */
export const chatAgent = `${work}
status() { printf '\\033]7501;state=%s:app=chat\\033\\\\' "$1"; }
status done
while IFS= read -r prompt; do
  status working
  echo "$prompt" >>"$ledger/prompts"
  put answers.txt
  status done
done
`;

/** What the last word of a task's title tells its agent to do. */
export const kinds = ['plain', 'commits', 'commits', 'fails', 'stays', 'chat', 'chat'];
