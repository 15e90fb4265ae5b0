import type { View } from '../app/view.ts';
import { attention } from './attention.ts';
import { batches } from './batches.ts';
import { board } from './board.ts';
import { costs } from './costs.ts';
import { graph } from './graph.ts';
import { logs } from './logs.ts';
import { messages } from './messages.ts';
import { runs } from './runs.ts';

/** Everything that can stand in the place of the panes, in the order in which tab goes through it. */
export const views: readonly View[] = [attention, board, runs, batches, graph, costs, messages, logs];

export function viewAfter(view: View): View {
  return views[(views.indexOf(view) + 1) % views.length] ?? view;
}
