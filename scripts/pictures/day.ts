import { tellCosts } from './full-day.ts';
import { key, type Stage } from './stage.ts';

/** A scene of the recorded day. */
export interface Chapter {
  title: string;
  /** What is done, and why a supervisor does it: a line each below the screen. */
  what: string;
  why: string;
  /** Keys that are pressed and lines that are typed, some as the day has made them; what is to be seen, and looked at, before it goes on. */
  steps: readonly (string | RegExp | ((stage: Stage) => string))[];
}

/** In a project as the demo's, from the shell. Its rows before the tasks are the two workers. */
export const day: readonly Chapter[] = [
  {
    title: 'Morning',
    what: 'A repository with six tasks, and two workers that run scripted agents. git status knows nothing of Forge.',
    why: 'What can begin? "task ready" has what waits for nothing else, the most urgent first.',
    steps: ['git status --short\r', 'forge task ready\r', /Say goodbye/],
  },
  {
    title: 'The dashboard',
    what: 'Workers and tasks are on the left; the terminals of the agents will be on the right.',
    why: 'Here the day happens. The last line has the keys that mean something now, ? has all of them.',
    steps: ['forge tui\r', /○ Refuse an empty name/],
  },
  {
    title: 'A new task',
    what: 'n: a title and a text. Together they are the prompt of the agent that will do it.',
    why: 'A line is enough to begin; E opens all of its fields in your editor.',
    steps: ['n', /New task/, 'Greet the whole team at once', key.tab, 'One line a person.', key.save, /is added/],
  },
  {
    title: 'What it waits for',
    what: 'b: which tasks it waits for. The space bar switches one on.',
    why: 'It builds on the check of names: begun before that is merged, it would be written twice.',
    steps: ['b', /waits for/, ' ', /\[x\]/, key.escape, /◌ Greet the whole/],
  },
  {
    title: 'A slip',
    what: 'c was the wrong key: the task is closed. U takes it back.',
    why: 'What you do to tasks is undone step by step, unless somebody changed the same since.',
    steps: ['c', /is closed/, 'U', /Taken back/],
  },
  {
    title: 'Dispatch',
    what: 'd: Forge chooses a worker and says why; any other can be chosen.',
    why: 'The bug is the most urgent task, and the new one waits for it.',
    steps: ['g', 'j', 'j', 'd', /It is the first idle one/, key.enter, /● 1 working/],
  },
  {
    title: 'All that is ready',
    what: 'D: the rest of what is ready goes, too. What finds no idle worker waits in a queue.',
    why: 'Nobody has to sit and watch for a worker to become free.',
    steps: ['D', /in the queue/, /◔ 1 queued/],
  },
  {
    title: 'At work',
    what: 'Each agent works live in a worktree and branch of its own. z makes a pane as large as the screen.',
    why: 'Your checkout stays as it is, and no two agents write into the same files.',
    steps: ['l', 'z', /q leave/, 'z', /WORKERS/],
  },
  {
    title: 'A permission',
    what: 'A: who waits for you, why and since when; below it the screen of the agent that asks. A digit answers.',
    why: 'No need to go there: the digit is typed for that agent, and only while it asks.',
    steps: [/▲ \d needs? you/, 'A', /Allow running the tests[\s\S]*❯ 1. Yes/, '1', /was typed for/, key.escape],
  },
  {
    title: 'Typing',
    what: 'enter: every key is the agent’s now, but ctrl+q, which comes back.',
    why: 'Answers and further wishes, as in a terminal of your own.',
    steps: [
      '2',
      key.enter,
      /TYPING/,
      /❯ 1. Yes/,
      '1',
      /(Finished\.[\s\S]*){2}/,
      'Name the languages in the README.\r',
      /script\./,
      key.leader,
      /q leave/,
    ],
  },
  {
    title: 'A shell beside it',
    what: '$: a shell of yours in the worktree of that agent.',
    why: 'To see for yourself what it has committed, and what is still lying about.',
    steps: [
      '$',
      /TYPING/,
      'git log --oneline\r',
      'git status --short\r',
      /program that greets/,
      key.leader,
      'x',
      /End this shell/,
      'y',
    ],
  },
  {
    title: 'What waits for what',
    what: 'T: the graph of open tasks. ◆ is the longest way to the end; "frees" is how many wait for it.',
    why: 'What is late on the longest way makes all of it late: that is where to look first.',
    steps: ['T', /└─/, key.escape],
  },
  {
    title: 'Review',
    what: 'v: what a run has changed. tab goes to the next file, ] to the next change, c comments on a line.',
    why: 'Read before you accept: whoever merges it answers for it.',
    steps: [
      /complete: look/,
      key.escape,
      'g',
      'j',
      'j',
      'v',
      /@@/,
      key.tab,
      ']',
      'j',
      'j',
      'j',
      'j',
      'c',
      /Comment on/,
    ],
  },
  {
    title: 'A comment',
    what: 'The comment stands below its line. S sends all of them back, with files and lines, as one message.',
    why: 'The agent goes on in the same conversation, and knows exactly what is meant.',
    steps: ['Trim it once, and use that below.', key.save, /1 not sent/, 'S', /1 sent/, 'q', /(script\.[\s\S]*){2}/],
  },
  {
    title: 'Accepted',
    what: 'a: the gates have passed (here: the tests), so the work is delivered, as a branch that waits to be merged.',
    why: 'Nothing is merged for you. The worker is free, and has the next task from the queue already.',
    steps: [/(complete: look[\s\S]*){2}/, 'a', /Accept the work of ada/, 'y', /◇ 1 to merge/],
  },
  {
    title: 'The history of a run',
    what: 'H: all runs; enter: each step of one, who brought it about, and why.',
    why: 'What happened while nobody looked can be read afterwards.',
    steps: ['H', / took /, 'G', key.enter, /History/, key.escape, key.escape],
  },
  {
    title: 'Who touches what',
    what: 'o: which runs change the same files, whether they merge, and in which order to merge them.',
    why: 'A conflict is seen before it happens, while the agents still work.',
    steps: ['o', /Who touches what/, key.escape],
  },
  {
    title: 'Money',
    what: 'C: by day, agent and task, and how long the budget lasts; at 80 % it warns, at 100 % it pauses.',
    why: 'Scripted agents cost nothing: these figures were put in for this recording.',
    steps: [
      (stage) => {
        tellCosts(stage);
        return '';
      },
      ...['C', /BY DAY/, key.escape],
    ],
  },
  {
    title: 'Any action by its name',
    what: ': finds an action by a part of its name, with its key, and says why one cannot be done now.',
    why: 'For what you do once a week: here a task is put into a batch, to see its progress and cost as one line.',
    steps: [
      ...[':', /Find an action/, 'into a batch', /Put the task into a batch/, key.enter, /the name of a batch/],
      ...['release', /a new batch: release/, key.enter, /is in the batch/, 'S', /held up by/, key.escape],
    ],
  },
  {
    title: 'Leaving',
    what: 'q: the dashboard is left, and the agents go on: "forge runs" tells how far they are.',
    why: 'Close the terminal, the lid, the connection: nothing of the work hangs on it.',
    steps: ['q', /forge tui\s+\$/, 'forge runs\r', /demo-/],
  },
  {
    title: 'Merging',
    what: 'The branch is merged as any other, in your checkout or on a server. Forge looks whether it was.',
    why: 'Its name and its commits say nothing of Forge.',
    steps: [(stage) => `git merge -q ${branchToMerge(stage)}\r`, 'git log --oneline\r', /Refuse an empty name/],
  },
  {
    title: 'Back again',
    what: 'forge tui: everything is as it was left. The merged task is done, and what waited for it is ready.',
    why: 'The next one can go, from a branch that has the work.',
    steps: ['forge tui\r', /✓ 1 done/, /○ Greet the whole team/],
  },
  {
    title: 'Evening',
    what: 'B: every task by where it stands.',
    why: 'One look, and you know what tomorrow begins with.',
    steps: ['B', /DONE 1/, key.escape, 'q', /forge tui\s+\$/],
  },
];

function branchToMerge(stage: Stage): string {
  const runs = JSON.parse(stage.forge('runs', '--json')) as { status: string; branch: string }[];
  return runs.find(({ status }) => status === 'awaiting')?.branch ?? '';
}
