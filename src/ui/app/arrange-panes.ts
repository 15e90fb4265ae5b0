import { type Arrangement, paneLayouts, placesMax } from '../../domain/arrangement.ts';

export function nextLayout(arrangement: Arrangement): Arrangement {
  const at = paneLayouts.indexOf(arrangement.layout);
  return { ...arrangement, layout: paneLayouts[(at + 1) % paneLayouts.length] ?? 'grid' };
}

/** Changes places with the pane beside it, if there is one. `panes`: all of them, as they stand. */
export function movePane(arrangement: Arrangement, panes: readonly string[], pane: string, by: -1 | 1): Arrangement {
  const order = [...panes];
  const at = order.indexOf(pane);
  const other = order[at + by];
  if (at < 0 || other === undefined) return arrangement;
  order[at] = other;
  order[at + by] = pane;
  return { ...arrangement, order: order.slice(0, placesMax), pinned: known(arrangement.pinned, panes) };
}

export function togglePin(arrangement: Arrangement, panes: readonly string[], pane: string): Arrangement {
  const pinned = known(arrangement.pinned, panes);
  const isPinned = pinned.includes(pane);
  const next = isPinned ? pinned.filter((id) => id !== pane) : [...pinned, pane].slice(-placesMax);
  return { ...arrangement, order: known(arrangement.order, panes), pinned: next };
}

/** Sessions that are gone are forgotten. */
function known(ids: readonly string[], panes: readonly string[]): string[] {
  return ids.filter((id) => panes.includes(id));
}
