export interface TourStep {
  title: string;
  text: string;
  /** Ids of the actions that belong to it. */
  actions: readonly string[];
}

/** From an empty project to accepted work. */
export const tourSteps: readonly TourStep[] = [
  {
    title: 'Tasks',
    text: 'What is to be done stands on the left. Title and text of a task are the prompt of the agent that does it.',
    actions: ['task.new', 'task.edit', 'task.depend'],
  },
  {
    title: 'Dispatch',
    text: 'A worker takes the task into a worktree and a branch of its own; your checkout stays as it is.',
    actions: ['run.dispatch', 'run.dispatch.ready', 'view.board'],
  },
  {
    title: 'Panes',
    text: 'Each agent has a live terminal. While you type into it every key is the agent’s, but the leader, which comes back.',
    actions: ['type', 'pane.leader', 'pane.zoom', 'pane.scroll'],
  },
  {
    title: 'Who needs you',
    text: 'The mark ▲, on top of the list, is an agent that asks, has finished or cannot go on. Below the mark stands why.',
    actions: ['attention', 'view.attention', 'pane.prompt'],
  },
  {
    title: 'Look, and accept',
    text: 'Accepted work is delivered as the settings say, and kept in any case. Then you may leave: the agents go on.',
    actions: ['run.view', 'run.approve', 'run.rewind', 'help', 'quit'],
  },
];
